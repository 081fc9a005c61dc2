//! Each Secret becomes what the policy says.

use super::PLAIN;
use super::external;
use super::work::{Locked, Work};
use crate::error::Error;
use crate::k8s::Object;
use crate::policy::secrets::{Form, Target};
use crate::secrets::earlier::Found;
use crate::secrets::external::is_reference;
use crate::secrets::metadata::forget_applied;
use crate::secrets::sealed::{self, Sealing};
use crate::secrets::secret::{self, Fixed};
use crate::secrets::sops::{self, SopsError, Terms};
use crate::secrets::{Fault, Secret};
use crate::yaml::Data;

/// Converts the Secrets of the stream, in its order.
pub(super) fn run(work: &mut Work<'_, '_>) -> Result<(), Error> {
    let objects = work.release.objects.iter().filter(|object| object.is("", "Secret"));
    let numbers: Vec<usize> = objects.map(|object| object.number).collect();
    let mut fresh = true;
    for number in numbers {
        let object = &work.release.objects[number];
        let form = work.policy.secrets.form_of(object);
        let wanted = form != Form::Keep && work.policy.runs(PLAIN) && work.policy.selects(&object.id);
        if !wanted || work.is_exempt(PLAIN, number) {
            continue;
        }
        if object.is_hook() {
            let words = format!(
                "stays a Secret, not {}: it is a hook, and hooks run before any controller",
                form.word()
            );
            work.note(number, words);
            continue;
        }
        if form == Form::Sealed && std::mem::take(&mut fresh) {
            judge_certificate(work, number)?;
        }
        one(work, number, form)?;
    }
    Ok(())
}

/// Once for each run with something to seal.
fn judge_certificate(work: &mut Work<'_, '_>, first: usize) -> Result<(), Error> {
    let Some(terms) = &work.policy.secrets.sealed else { return Ok(()) };
    match terms.certificate.judge(work.policy.today.epoch_seconds()) {
        Err(fault) => {
            Err(Error::Policy { message: format!("{} is {}", terms.place, fault.what), help: fault.help })
        }
        Ok(Some(warning)) => {
            let words = format!("{} {warning}", terms.place);
            work.note(first, words);
            Ok(())
        }
        Ok(None) => Ok(()),
    }
}

fn one(work: &mut Work<'_, '_>, number: usize, form: Form) -> Result<(), Error> {
    let Some(value) = work.value(&work.release.objects[number]) else { return Ok(()) };
    let read = secret::fixed(value).map(|fixed| (fixed, Secret::read(value)));
    let secret = match read {
        Err(error) => return Err(work.fault(number, error.into())),
        Ok((Some(Fixed::Encrypted | Fixed::Empty), _)) => return Ok(()),
        Ok((Some(fixed), _)) => {
            work.note(number, format!("stays a Secret, not {}: {fixed}", form.word()));
            return Ok(());
        }
        Ok((None, Err(error))) => return Err(work.fault(number, error.into())),
        Ok((None, Ok(secret))) => secret,
    };
    allowed(work, form).map_err(|fault| work.fault(number, fault))?;
    let Some(value) = work.value(&work.release.objects[number]) else { return Ok(()) };
    let object = Object { value, ..work.release.objects[number].clone() };
    let formed = formed(work, &object, &secret, form).map_err(|fault| work.fault(number, fault))?;
    let needs = match form {
        Form::External => {
            external::needs(work, &object, &secret).map_err(|fault| work.fault(number, fault))?
        }
        _ => Vec::new(),
    };
    work.replace(number, formed.data)?;
    work.done(PLAIN, number, &formed.words);
    formed.note.into_iter().for_each(|words| work.note(number, words));
    if form == Form::External {
        external::finish(work, number, &secret, needs)?;
    }
    work.locked.push(Locked { secret, object: number, form });
    Ok(())
}

/// Whether the live Secret survives that its form changes.
fn allowed(work: &Work<'_, '_>, form: Form) -> Result<(), Fault> {
    let run = &work.policy.secrets.run;
    if run.target == Target::Git {
        return Ok(());
    }
    match form {
        Form::Keep | Form::Sops => Ok(()),
        Form::Sealed | Form::External if run.new_release || work.policy.secrets.adopted => Ok(()),
        Form::Sealed | Form::External => Err(Fault::new(
            "the first upgrade in which it is no Secret deletes the live Secret, and pods that start before its controller \
             makes it anew fail",
            "--new-release when nothing is installed yet; else deploy once with --adopt, then say \
             secrets: {adopted: true} in the policy; --target git when a controller takes the output from a repository",
        )),
    }
}

/// What a Secret becomes.
pub(super) struct Formed {
    /// The object.
    pub data: Data,
    /// The same in words.
    pub words: String,
    /// What is worth saying beside.
    pub note: Option<String>,
}

impl Formed {
    fn of((data, words): (Data, String)) -> Self {
        Self { data, words, note: None }
    }
}

/// What a Secret becomes.
///
/// # Errors
/// Why it cannot.
pub(super) fn formed(
    work: &Work<'_, '_>,
    object: &Object<'_>,
    secret: &Secret,
    form: Form,
) -> Result<Formed, Fault> {
    let refers = secret.values.iter().find(|(_, plain)| is_reference(secret, plain));
    if let (Form::Sealed | Form::Sops, Some((key, _))) = (form, refers) {
        let what = format!("{key} holds a reference, and nothing would resolve it once it is encrypted");
        return Err(Fault::new(
            what,
            "resolve it first (--resolve), or secrets: {to: external}, or keep this one",
        ));
    }
    match form {
        Form::Keep => Ok(Formed::of((object.value.to_data(), "stays a Secret".to_owned()))),
        Form::Sealed => seal(work, object, secret).map(Formed::of),
        Form::External => external::data(work, object, secret).map(Formed::of),
        Form::Sops => encrypt(work, object, secret),
    }
}

fn encrypt(work: &Work<'_, '_>, object: &Object<'_>, secret: &Secret) -> Result<Formed, Fault> {
    let failed = |error: SopsError| Fault::new(error.to_string(), error.help());
    let Some(terms) = &work.policy.secrets.sops else {
        return Err(Fault::new("nothing says for whom to encrypt", "secrets: {sops: {age: [age1…]}}"));
    };
    if !is_document(work, object) {
        let help = "write the Secret as a document of its own";
        return Err(Fault::new("it is an item of a list, and sops encrypts documents", help));
    }
    let run = &work.policy.secrets.run;
    if run.target == Target::Apply && !run.force_sops {
        return Err(Fault::new(
            "SOPS output would go straight to the cluster, where nothing decrypts it: the ciphertext would become the password",
            "--target git where Flux or a plugin of Argo CD decrypts; straight to the cluster, secrets: {to: sealed} or \
             {to: external} fits; --force-sops writes it all the same",
        ));
    }
    let terms = Terms { digest_key: run.digest_key.clone(), ..terms.clone() };
    let mut data = object.value.to_data();
    forget_applied(&mut data);
    let found = run.previous.as_ref().map_or(Ok(Found::Nothing), |it| it.sops(&data, object.document));
    let (previous, note) = match found.map_err(failed)? {
        Found::Nothing => (None, None),
        Found::Object(previous) => (Some(previous), None),
        Found::Closed(error) => {
            (None, Some(format!("encrypted anew, since the previous one stays closed: {error}")))
        }
    };
    let data = sops::encrypt(&data, &terms, previous.as_ref(), run.now).map_err(failed)?;
    // It has to read the same to sops, whose reading of YAML is another than that of Kubernetes.
    sops::text(&data).map_err(failed)?;
    let words = format!("is encrypted for {}: {}", people(&terms.keys), keys(secret));
    Ok(Formed { data, words, note })
}

/// A function's items become documents of their own; those of any other list do not.
fn is_document(work: &Work<'_, '_>, object: &Object<'_>) -> bool {
    let root = work.changes.root(work.stream, object.document);
    let kind = root.and_then(|root| root.get("kind")?.as_str().map(|it| it.into_owned()));
    object.route.steps().is_empty() || kind.as_deref() == Some("ResourceList")
}

fn people(keys: &sops::Keys) -> String {
    let groups = keys.groups();
    match (groups.iter().map(Vec::len).sum(), groups.len()) {
        (1, _) => "1 recipient".to_owned(),
        (count, 1) => format!("{count} recipients"),
        (count, groups) => format!("{count} recipients in {groups} groups"),
    }
}

fn seal(work: &Work<'_, '_>, object: &Object<'_>, secret: &Secret) -> Result<(Data, String), Fault> {
    let secrets = &work.policy.secrets;
    let Some(terms) = &secrets.sealed else {
        return Err(Fault::new("nothing says for whom to seal", "secrets: {sealed: {certificate: FILE}}"));
    };
    let namespace = object.id.namespace.as_deref();
    let sealing = Sealing {
        certificate: &terms.certificate,
        scope: terms.scope,
        namespace,
        adopted: secrets.adopted,
        digest_key: secrets.run.digest_key.as_ref(),
        previous: secrets.run.previous.as_ref().and_then(|it| it.sealed(&object.id.name, namespace)),
    };
    let data = sealed::seal(object.value, sealing)?;
    let scope = terms.scope.map_or_else(String::new, |scope| format!(", {scope} scope"));
    Ok((data, format!("becomes a SealedSecret{scope}: {}", keys(secret))))
}

/// The keys of a Secret, for messages.
pub(super) fn keys(secret: &Secret) -> String {
    secret.values.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
