//! Each Secret becomes what the policy says.

use super::PLAIN;
use super::external;
use super::work::{Locked, Work};
use crate::error::Error;
use crate::k8s::Object;
use crate::policy::secrets::{Form, Target};
use crate::secrets::external::is_reference;
use crate::secrets::sealed::{self, Sealing};
use crate::secrets::secret::{self, Fixed};
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
    let (data, words) = formed(work, &object, &secret, form).map_err(|fault| work.fault(number, fault))?;
    let needs = match form {
        Form::External => {
            external::needs(work, &object, &secret).map_err(|fault| work.fault(number, fault))?
        }
        _ => Vec::new(),
    };
    work.replace(number, data)?;
    work.done(PLAIN, number, &words);
    if form == Form::External {
        external::finish(work, number, &secret, needs)?;
    }
    work.locked.push(Locked { secret, object: number, form });
    Ok(())
}

/// Whether the form fits where the output goes.
fn allowed(work: &Work<'_, '_>, form: Form) -> Result<(), Fault> {
    let run = &work.policy.secrets.run;
    if run.target == Target::Git {
        return Ok(());
    }
    match form {
        Form::Keep => Ok(()),
        Form::Sops if run.force_sops => Ok(()),
        Form::Sops => Err(Fault::new(
            "SOPS output would go straight to the cluster, where nothing decrypts it: the ciphertext would become the password",
            "--target git where Flux or a plugin of Argo CD decrypts; straight to the cluster, secrets: {to: sealed} or \
             {to: external} fits; --force-sops writes it all the same",
        )),
        Form::Sealed | Form::External if run.new_release || work.policy.secrets.adopted => Ok(()),
        Form::Sealed | Form::External => Err(Fault::new(
            "the first upgrade in which it is no Secret deletes the live Secret, and pods that start before its controller \
             makes it anew fail",
            "--new-release when nothing is installed yet; else deploy once through hardtack secrets adopt, then say \
             secrets: {adopted: true} in the policy; --target git when a controller takes the output from a repository",
        )),
    }
}

/// What a Secret becomes, and that in words.
///
/// # Errors
/// Why it cannot.
pub(super) fn formed(
    work: &Work<'_, '_>,
    object: &Object<'_>,
    secret: &Secret,
    form: Form,
) -> Result<(Data, String), Fault> {
    let refers = secret.values.iter().find(|(_, plain)| is_reference(secret, plain));
    if let (Form::Sealed | Form::Sops, Some((key, _))) = (form, refers) {
        let what = format!("{key} holds a reference, and nothing would resolve it once it is encrypted");
        return Err(Fault::new(
            what,
            "resolve it first (--resolve), or secrets: {to: external}, or keep this one",
        ));
    }
    match form {
        Form::Keep => Ok((object.value.to_data(), "stays a Secret".to_owned())),
        Form::Sealed => seal(work, object, secret),
        Form::External => external::data(work, object, secret),
        Form::Sops => Err(Fault::new(
            "to: sops is not known to this version",
            "secrets: {to: sealed} or {to: external}",
        )),
    }
}

fn seal(work: &Work<'_, '_>, object: &Object<'_>, secret: &Secret) -> Result<(Data, String), Fault> {
    let Some(terms) = &work.policy.secrets.sealed else {
        return Err(Fault::new("nothing says for whom to seal", "secrets: {sealed: {certificate: FILE}}"));
    };
    let sealing = Sealing {
        certificate: &terms.certificate,
        scope: terms.scope,
        namespace: object.id.namespace.as_deref(),
        adopted: work.policy.secrets.adopted,
    };
    let data = sealed::seal(object.value, sealing)?;
    let scope = terms.scope.map_or_else(String::new, |scope| format!(", {scope} scope"));
    Ok((data, format!("becomes a SealedSecret{scope}: {}", keys(secret))))
}

/// The keys of a Secret, for messages.
pub(super) fn keys(secret: &Secret) -> String {
    secret.values.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
