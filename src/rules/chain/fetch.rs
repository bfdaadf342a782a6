//! Where the issuer of a certificate can be had: what the certificate says of it, as a command.

use crate::finding::{Told, told};
use crate::rules::label::{Blocks, Numbered};
use crate::text;

/// What to do where `issuer` has the right name and the wrong key.
pub(super) fn hint_to_replace(issued: Numbered<'_, '_>, issuer: Numbered<'_, '_>) -> Told {
    let (block, issuer_block) = (issued.number(), issuer.number());
    // Where the key identifiers say that it is the right issuer, the text was changed.
    let named = issued.certificate.authority_key_id().and_then(|id| id.key_id);
    if named.is_some() && named == issuer.certificate.subject_key_id() {
        if !issuer.certificate.key_id_is_of_its_key() {
            return told!(
                "Copy block {issuer_block} again from its original file: its key is not the one that its key identifier was made of, so a character of \
                 it was probably changed when it was copied. If the original has the same error, copy block {block} again.",
                issuer_block = issuer_block,
                block = block,
            );
        }
        return told!(
            "Copy block {block} again from its original file: it names the key of block {issuer_block}, so a character of it was probably changed \
             when it was copied. If the original has the same error, ask your CA for the certificate of its issuer.",
            block = block,
            issuer_block = issuer_block,
        );
    }
    match command(issued) {
        Some(command) => told!(
            "Replace block {issuer_block} with the certificate that `{command}` writes, or copy block {block} from its original file again: it \
             may have been damaged when it was copied.",
            issuer_block = issuer_block,
            block = block,
            command = command,
        ),
        None => told!(
            "Replace block {issuer_block} with the certificate of \"{wanted}\" that your CA delivered with block {block}, or copy block {block} \
             from its original file again: it may have been damaged when it was copied.",
            issuer_block = issuer_block,
            wanted = issued.certificate.issuer().to_string(),
            block = block,
        ),
    }
}

/// What to do where the issuer of the server certificate is missing, and nothing is in its place. `among_roots`: the block of
/// `trusted_root_ca` that holds it.
pub(super) fn hint_to_add_issuer(issued: Numbered<'_, '_>, among_roots: Option<usize>) -> Told {
    let (after, wanted) = (issued.number(), issued.certificate.issuer().to_string());
    match (among_roots, command(issued)) {
        (Some(root), _) => told!(
            "Copy block {copy_root} of `trusted_root_ca` after block {after}: it is the certificate of \"{wanted}\".",
            copy_root = root,
            after = after,
            wanted = wanted,
        ),
        (None, Some(command)) => told!(
            "Put the certificate of \"{wanted}\" after block {after}: `{command} >> chain.pem`",
            wanted = wanted,
            after = after,
            command = command,
        ),
        (None, None) => told!(
            "Ask your CA for the certificate of \"{wanted}\" and put it after block {after}. You do not need to send a root that your clients have.",
            wanted = wanted,
            after = after,
        ),
    }
}

/// As [`hint_to_add_issuer`], where other certificates are in the place of the issuer's.
pub(super) fn hint_to_put_issuer_in_place(
    issued: Numbered<'_, '_>,
    others: &Blocks,
    among_roots: Option<usize>,
) -> Told {
    let (after, wanted) = (issued.number(), issued.certificate.issuer().to_string());
    let Told { text, mut facts } = told!("Remove {others}", remove = others.numbers());
    let add = match (among_roots, command(issued)) {
        (Some(root), _) => told!(
            "{text}. Copy block {copy_root} of `trusted_root_ca` after block {after}: it is the certificate of \"{wanted}\".",
            copy_root = root,
            after = after,
            wanted = wanted,
        ),
        (None, Some(command)) => told!(
            "{text}. Put the certificate of \"{wanted}\" after block {after}: `{command}` prints it.",
            wanted = wanted,
            after = after,
            command = command,
        ),
        (None, None) => told!(
            "{text}. Ask your CA for the certificate of \"{wanted}\" and put it after block {after}.",
            wanted = wanted,
            after = after,
        ),
    };
    facts.extend(add.facts);
    Told { text: add.text, facts }
}

/// The same message with the address where the issuer's certificate is published, as the certificate says. It is never fetched.
pub(super) fn with_address(message: Told, issued: Numbered<'_, '_>) -> Told {
    let Some(url) = issuer_url(issued) else { return message };
    let Told { text, mut facts } = message;
    let message = told!("{text}; it is published at {published_at}", published_at = text::escape(url));
    facts.extend(message.facts);
    Told { text: message.text, facts }
}

/// The command that fetches the issuer's certificate and writes it as PEM.
fn command(issued: Numbered<'_, '_>) -> Option<String> {
    let url = issuer_url(issued).filter(|url| is_plain_url(url))?;
    let convert = if url.ends_with(".p7c") || url.ends_with(".p7b") {
        "openssl pkcs7 -inform DER -print_certs -in issuer.der"
    } else {
        "openssl x509 -inform DER -in issuer.der"
    };
    // Quotes only where the shell would read the URL otherwise.
    let quote = if url.bytes().any(|byte| b"?&;()~".contains(&byte)) { "'" } else { "" };
    Some(format!("curl -fL -o issuer.der {quote}{url}{quote} && {convert}"))
}

fn issuer_url<'c>(issued: Numbered<'c, '_>) -> Option<&'c str> {
    let urls = issued.certificate.ca_issuers_urls();
    urls.iter().find(|url| is_plain_url(url)).or_else(|| urls.first()).copied()
}

/// Whether a URL can be between single quotes in a shell command and be nothing but a URL of the web.
fn is_plain_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && url.len() <= 200
        && url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_~%?=&+,;@()".contains(&byte))
}
