# hardtack and nothing else: a KRM function for kustomize and kpt, or a filter. Without arguments it serves what stands on stdin.
#   cargo xtask package && docker build -t hardtack .
FROM scratch
ARG TARGETARCH=amd64
# kustomize runs functions as the user "nobody", and Docker looks that name up in the image
COPY packaging/container/passwd packaging/container/group /etc/
COPY target/package/hardtack/bin/linux-${TARGETARCH}/hardtack /hardtack
USER 65534:65534
ENTRYPOINT ["/hardtack"]
