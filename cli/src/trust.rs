//! Roots and issuers that the arguments name. Nothing is fetched.

use std::borrow::Cow;
use std::path::Path;

use certgate::certificate::{self, Role};
use certgate::containers::Object;
use certgate::pem::BlockKind;
use certgate::targets::Profile;
use certgate::trust::{Store, Trust};
use certgate::{At, CertificateForm, Check, Policy, Report};

use crate::args::{PassphraseArgs, PoolArgs, TrustArgs};
use crate::check;
use crate::failure::{About, Failure};
use crate::held::{self, Held};
use crate::style::{self, BAD, GOOD, Look};
use crate::{table, text, usage};

/// What a check trusts and may complete a chain with.
#[derive(Default)]
pub(crate) struct Trusted {
    roots: Option<Store>,
    pool: Store,
    /// The issuers of the pool, for a form that is put together.
    objects: Vec<Object>,
}

impl Trusted {
    pub(crate) fn read(arguments: &TrustArgs) -> Result<Self, Failure> {
        let mut trusted = Self::read_pool(&arguments.pool)?;
        trusted.roots = arguments.trust.as_deref().map(roots).transpose()?;
        Ok(trusted)
    }

    /// Issuers alone.
    pub(crate) fn read_pool(arguments: &PoolArgs) -> Result<Self, Failure> {
        let Some(path) = &arguments.intermediates else { return Ok(Self::default()) };
        let objects = certificates(path)?;
        let is_issuer = |object: &Object| {
            let read =
                certificate::check(&object.block.der, Role::Issuer, &Policy::default(), At::NotEvaluated);
            read.value.is_some_and(|certificate| certificate.is_ca())
        };
        let objects: Vec<Object> = objects.into_iter().filter(is_issuer).collect();
        if objects.is_empty() {
            let text = format!("no certificate of a CA was found in {}", usage::name_of(path));
            return Err(Failure::new(About::Input, text));
        }
        Ok(Self { roots: None, pool: store(&objects), objects })
    }

    /// A form that is not put together can only be checked: its chain stays as it is.
    pub(crate) fn must_have_roots(&self) -> Result<(), Failure> {
        if self.roots.is_some() || self.objects.is_empty() {
            return Ok(());
        }
        let text = "--intermediates completes a form that is put together from PATHs; for a form that is whole, give --trust too";
        Err(Failure::new(About::Usage, text))
    }

    /// The report on a form, with the way to a root where roots are given.
    /// What targets that are asked for will do is in it too. `known` are roots that were left out of the form.
    pub(crate) fn report(
        &self,
        form: &CertificateForm,
        known: &[Vec<u8>],
        policy: &Policy,
        at: At,
        targets: &[&Profile],
    ) -> Report {
        let mut pool = Cow::Borrowed(&self.pool);
        for root in known {
            pool.to_mut().add_der(root);
        }
        let mut checking = Check::new(form, policy, at).targeting(targets);
        if let Some(roots) = &self.roots {
            checking = checking.trusting(roots).completing(&pool);
        }
        check::report_of(checking.run())
    }

    /// Puts the issuers of the pool beside what is held.
    pub(crate) fn complete(&self, held: &mut Held) {
        held.objects.extend(self.objects.iter().cloned());
    }

    /// What the pool has and no form needs is not told.
    pub(crate) fn forget_unused(&self, held: &mut Held) {
        held.left_out.retain(|left| {
            let is_same =
                |object: &Object| object.inside == left.inside && object.block.location.block == left.block;
            !self.objects.iter().any(is_same)
        });
    }
}

fn roots(path: &Path) -> Result<Store, Failure> {
    let mut store = Store::default();
    match path.to_str() {
        Some("webpki") => webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().for_each(|root| {
            store.add_der(root);
        }),
        Some("system") => rustls_native_certs::load_native_certs().certs.iter().for_each(|root| {
            store.add_der(root);
        }),
        _ => return of_file(path),
    }
    if store.is_empty() {
        let text = "this computer has no trusted roots that can be read: give --trust a file, or webpki";
        return Err(Failure::new(About::Input, text));
    }
    Ok(store)
}

/// The roots of a file or folder. A certificate that is neither a CA's nor self-signed is not a root.
fn of_file(path: &Path) -> Result<Store, Failure> {
    let fail = |text: String| Err(Failure::new(About::Input, text));
    let name = usage::name_of(path);
    let objects = match certificates(path) {
        Ok(objects) => objects,
        Err(failure) if !path.exists() => return Err(failure),
        Err(_) => {
            let text = format!(
                "--trust: no certificate that can be read was found in {name}; give the certificates of roots"
            );
            return fail(text);
        }
    };
    let read = |object: &Object| {
        let der = &object.block.der;
        let checked = certificate::check(der, Role::Root, &Policy::default(), At::NotEvaluated);
        checked.value.map(|root| root.is_ca() || root.is_self_issued())
    };
    let may_be_root: Vec<_> = objects.iter().map(read).collect();
    if may_be_root.contains(&None) {
        return fail(format!(
            "--trust: {name} is damaged: a certificate in it cannot be read; copy it again from its original file"
        ));
    }
    if may_be_root.contains(&Some(false)) {
        return fail(format!(
            "--trust: {name} holds a server certificate, which is not a root; give the certificate of the CA's root"
        ));
    }
    Ok(store(&objects))
}

fn store(objects: &[Object]) -> Store {
    let mut store = Store::default();
    for object in objects {
        store.add_der(&object.block.der);
    }
    store
}

/// The certificates of a file or folder.
fn certificates(path: &Path) -> Result<Vec<Object>, Failure> {
    let paths = [path.to_owned()];
    let mut held = held::gather_all(&paths, Vec::new(), &PassphraseArgs::default())?;
    let mut objects = std::mem::take(&mut held.objects);
    objects.retain(|object| object.block.kind == BlockKind::Certificate);
    if objects.is_empty() { Err(held.nothing(&paths)) } else { Ok(objects) }
}

/// The way to a root in words.
pub(crate) fn in_words(look: Look, trust: &Trust) -> String {
    let verdict = if trust.trusted { look.paint(GOOD, "trusted") } else { look.paint(BAD, "not trusted") };
    let mut out = format!("{}  {verdict}\n", text::heading(look, "Trust"));
    let mut rows: Vec<_> =
        trust.path.iter().map(|step| vec![step.from.clone(), style::escape(&step.subject)]).collect();
    if let Some(missing) = &trust.missing {
        rows.push(vec!["missing".to_owned(), style::escape(&missing.subject)]);
        rows.extend(missing.key_id.as_ref().map(|id| vec!["its key ID".to_owned(), id.clone()]));
        if !missing.published_at.is_empty() {
            rows.push(vec!["published at".to_owned(), style::escape(&missing.published_at.join(", "))]);
        }
    }
    rows.push(vec!["not covered".to_owned(), trust.not_covered.join(", ")]);
    out.push_str(&table::table(look, 2, &rows));
    out
}
