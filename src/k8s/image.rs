//! Image references, read by the distribution grammar.

use std::borrow::Cow;

/// The parts of an image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    /// `docker.io`, `localhost:5000`; `None` when the reference names none, so the node's default decides.
    pub registry: Option<&'a str>,
    /// `library/nginx`, `bitnami/redis`, as written.
    pub path: &'a str,
    /// After the colon.
    pub tag: Option<&'a str>,
    /// After the `@`.
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Takes a reference apart. A first part is a registry when it holds a dot or a colon or is `localhost`.
    #[must_use]
    pub fn parse(reference: &'a str) -> Self {
        let (name, digest) = match reference.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (reference, None),
        };
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (name, None),
        };
        let (registry, path) = match name.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
            _ => (None, name),
        };
        Self { registry, path, tag, digest }
    }

    /// Registry and path with Docker Hub's defaults written out: `docker.io/library/nginx`.
    #[must_use]
    pub fn repository(&self) -> String {
        match self.registry {
            Some("docker.io" | "index.docker.io" | "registry-1.docker.io") | None
                if !self.path.contains('/') =>
            {
                format!("docker.io/library/{}", self.path)
            }
            Some("index.docker.io" | "registry-1.docker.io") | None => format!("docker.io/{}", self.path),
            Some(registry) => format!("{registry}/{}", self.path),
        }
    }

    /// The repository, with `k8s.gcr.io` under the name that the same images have now: what is known of an image
    /// holds before and after `image-registry-deprecated` moved it.
    #[must_use]
    pub fn known_as(&self) -> String {
        current(&self.repository()).into_owned()
    }

    /// The last part of the path: `redis` of `docker.io/bitnami/redis:7`.
    #[must_use]
    pub fn basename(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
}

/// A reference, or a pattern of some, with `k8s.gcr.io` under its present name `registry.k8s.io`.
#[must_use]
pub fn current(reference: &str) -> Cow<'_, str> {
    match reference.strip_prefix("k8s.gcr.io/") {
        Some(rest) => Cow::Owned(format!("registry.k8s.io/{rest}")),
        None => Cow::Borrowed(reference),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_port_is_no_tag() {
        let image = Image::parse("localhost:5000/nginx");
        assert_eq!((image.registry, image.path, image.tag), (Some("localhost:5000"), "nginx", None));
        assert_eq!(Image::parse("localhost:5000/nginx:1.2").tag, Some("1.2"));
    }

    #[test]
    fn docker_hub_is_written_out() {
        assert_eq!(Image::parse("nginx:1.25").repository(), "docker.io/library/nginx");
        assert_eq!(Image::parse("bitnami/redis@sha256:00").repository(), "docker.io/bitnami/redis");
        assert_eq!(Image::parse("quay.io/a/b:c@sha256:00").repository(), "quay.io/a/b");
    }
}
