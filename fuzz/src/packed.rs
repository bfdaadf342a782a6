//! Files that hold other files, written as plainly as their formats allow.

use certgate_forge::der::{Node, ctx, oid, seq, set, small};

/// An archive of tar (POSIX ustar).
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in files {
        let mut header = vec![0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[136..148].copy_from_slice(b"00000000000\0");
        header[148..156].copy_from_slice(b"        ");
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|octet| u32::from(*octet)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(*content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// gzip, not compressed (RFC 1952; RFC 1951, 3.2.4).
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut pieces = content.chunks(0xffff).peekable();
    while let Some(piece) = pieces.next() {
        let length = u16::try_from(piece.len()).expect("at most 65535");
        out.push(u8::from(pieces.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(piece);
    }
    out.extend(crc32(content).to_le_bytes());
    out.extend(length_of(content).to_le_bytes());
    out
}

/// A ZIP archive, not compressed.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = length_of(&out);
        let mut common = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc32(content).to_le_bytes());
        common.extend(length_of(content).to_le_bytes());
        common.extend(length_of(content).to_le_bytes());
        common.extend(u16::try_from(name.len()).expect("a short name").to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(*content);
        directory.extend(b"PK\x01\x02\x0a\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (length_of(&out), u16::try_from(files.len()).expect("few files"));
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length_of(&directory).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// PKCS#7 that holds certificates alone (RFC 2315, section 9.1).
pub(crate) fn pkcs7(certificates: &[Vec<u8>]) -> Vec<u8> {
    let certificates = certificates.iter().map(|der| Node::raw(der.clone()));
    let signed = seq([small(1), set([]), seq([oid("1.2.840.113549.1.7.1")]), ctx(0, certificates), set([])]);
    seq([oid("1.2.840.113549.1.7.2"), ctx(0, [signed])]).encode()
}

/// A Java keystore (JKS, version 2) of certificates, without the digest at its end that nobody needs to read them.
pub(crate) fn jks(certificates: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
    out.extend(length_of_items(certificates).to_be_bytes());
    for certificate in certificates {
        out.extend([0, 0, 0, 2, 0, 1, b'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
        out.extend(b"X.509");
        out.extend(length_of(certificate).to_be_bytes());
        out.extend(certificate);
    }
    out.extend([0; 20]);
    out
}

fn length_of(octets: &[u8]) -> u32 {
    u32::try_from(octets.len()).expect("a short file")
}

fn length_of_items(items: &[Vec<u8>]) -> u32 {
    u32::try_from(items.len()).expect("few items")
}

fn crc32(octets: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for octet in octets {
        crc ^= u32::from(*octet);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
