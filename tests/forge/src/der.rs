//! A small DER writer that can also write what DER forbids, and a reader for surgery on finished structures.

use num_bigint::BigInt;

/// One tag-length-value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Identifier octets.
    pub tag: Vec<u8>,
    /// How the length is written.
    pub length: Length,
    /// The contents.
    pub body: Body,
}

/// How the length of a [`Node`] is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Length {
    /// As DER has it: definite, in as few octets as possible.
    Definite,
    /// Long form with this many needless leading zero octets.
    Padded(usize),
    /// BER's indefinite form, closed by end-of-contents octets.
    Indefinite,
    /// This number, whatever the contents' true length.
    Claim(usize),
}

/// The contents of a [`Node`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Primitive contents, or contents not looked into.
    Bytes(Vec<u8>),
    /// Nested structures, in a constructed node or an OCTET STRING.
    Nodes(Vec<Node>),
    /// Nested structures in a BIT STRING, after its octet 0.
    Bits(Vec<Node>),
    /// The whole node, tag and length included, already encoded.
    Raw(Vec<u8>),
}

impl Node {
    /// A primitive node.
    pub fn prim(tag: u8, bytes: impl Into<Vec<u8>>) -> Node {
        Node { tag: vec![tag], length: Length::Definite, body: Body::Bytes(bytes.into()) }
    }
    /// A node made of others. The tag is written as given.
    pub fn cons(tag: u8, nodes: impl IntoIterator<Item = Node>) -> Node {
        Node { tag: vec![tag], length: Length::Definite, body: Body::Nodes(nodes.into_iter().collect()) }
    }
    /// Bytes to be written as they are.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Node {
        Node { tag: Vec::new(), length: Length::Definite, body: Body::Raw(bytes.into()) }
    }

    /// The same node, its length in long form with `octets` needless zero octets.
    pub fn padded(mut self, octets: usize) -> Node {
        self.length = Length::Padded(octets);
        self
    }
    /// The same node with BER's indefinite length.
    pub fn indefinite(mut self) -> Node {
        self.length = Length::Indefinite;
        self
    }
    /// The same node with a length that claims `octets`.
    pub fn claim(mut self, octets: usize) -> Node {
        self.length = Length::Claim(octets);
        self
    }
    /// The same node under another tag.
    pub fn tagged(mut self, tag: u8) -> Node {
        self.tag = vec![tag];
        self
    }
    /// The node followed by bytes that do not belong to it.
    pub fn trailing(self, bytes: &[u8]) -> Node {
        let mut all = self.encode();
        all.extend(bytes);
        Node::raw(all)
    }
    /// Appends a child to a node of nodes.
    pub fn push(&mut self, child: Node) {
        self.children().push(child);
    }

    /// The bytes of this node.
    pub fn encode(&self) -> Vec<u8> {
        let mut content = Vec::new();
        match &self.body {
            Body::Raw(bytes) => return bytes.clone(),
            Body::Bytes(bytes) => content.extend(bytes),
            Body::Nodes(nodes) => nodes.iter().for_each(|n| content.extend(n.encode())),
            Body::Bits(nodes) => {
                content.push(0);
                nodes.iter().for_each(|n| content.extend(n.encode()));
            }
        }
        let mut out = self.tag.clone();
        match self.length {
            Length::Definite => out.extend(length(content.len(), None)),
            Length::Padded(octets) => out.extend(length(content.len(), Some(octets))),
            Length::Claim(octets) => out.extend(length(octets, None)),
            Length::Indefinite => {
                if let Some(first) = out.first_mut() {
                    *first |= 0x20;
                }
                out.push(0x80);
                content.extend([0, 0]);
            }
        }
        out.extend(content);
        out
    }

    /// The contents of this node, encoded.
    pub fn content(&self) -> Vec<u8> {
        match &self.body {
            Body::Bytes(bytes) | Body::Raw(bytes) => bytes.clone(),
            Body::Nodes(nodes) => nodes.iter().flat_map(Node::encode).collect(),
            Body::Bits(nodes) => std::iter::once(0).chain(nodes.iter().flat_map(Node::encode)).collect(),
        }
    }

    /// Reads exactly one node; constructed ones are taken apart.
    pub fn parse(bytes: &[u8]) -> Option<Node> {
        let mut nodes = parse_all(bytes)?;
        if nodes.len() == 1 { nodes.pop() } else { None }
    }

    /// The children of this node. An OCTET STRING or BIT STRING is taken apart on the way.
    ///
    /// # Panics
    /// If there is nothing to take apart.
    pub fn children(&mut self) -> &mut Vec<Node> {
        let opened = match (&self.body, self.tag.first()) {
            (Body::Bytes(bytes), Some(3)) => {
                Some(Body::Bits(parse_all(bytes.get(1..).unwrap()).expect("DER in BIT STRING")))
            }
            (Body::Bytes(bytes), _) => Some(Body::Nodes(parse_all(bytes).expect("DER in string"))),
            (Body::Raw(bytes), _) => {
                *self = Node::parse(bytes).expect("raw node is DER");
                None
            }
            _ => None,
        };
        if let Some(body) = opened {
            self.body = body;
        }
        match &mut self.body {
            Body::Nodes(nodes) | Body::Bits(nodes) => nodes,
            Body::Bytes(_) | Body::Raw(_) => panic!("a primitive node has no children"),
        }
    }

    /// The node at `path`: the index of the child at each level, through OCTET STRINGs and BIT STRINGs.
    ///
    /// # Panics
    /// If there is no such node.
    pub fn at(&mut self, path: &[usize]) -> &mut Node {
        match path.split_first() {
            None => self,
            Some((first, rest)) => self.children().get_mut(*first).expect("path leads nowhere").at(rest),
        }
    }
}

/// Reads a run of nodes with definite lengths; `None` if the bytes are anything else.
pub fn parse_all(mut bytes: &[u8]) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while let Some((&tag, rest)) = bytes.split_first() {
        let (&first, mut rest) = rest.split_first()?;
        let mut len = usize::from(first);
        if first >= 0x80 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if octets.is_empty() || octets.len() > 4 {
                return None;
            }
            len = octets.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(len)?;
        let body =
            if tag & 0x20 != 0 { Body::Nodes(parse_all(content)?) } else { Body::Bytes(content.to_vec()) };
        nodes.push(Node { tag: vec![tag], length: Length::Definite, body });
        bytes = after;
    }
    Some(nodes)
}

fn length(len: usize, padding: Option<usize>) -> Vec<u8> {
    if len < 0x80 && padding.is_none() {
        return vec![len as u8];
    }
    let mut octets = vec![0; padding.unwrap_or(0)];
    octets.extend(len.to_be_bytes().into_iter().skip_while(|b| *b == 0));
    if octets.is_empty() {
        octets.push(0);
    }
    let mut out = vec![0x80 | octets.len() as u8];
    out.extend(octets);
    out
}

/// SEQUENCE
pub fn seq(nodes: impl IntoIterator<Item = Node>) -> Node {
    Node::cons(0x30, nodes)
}
/// SET, in the order given
pub fn set(nodes: impl IntoIterator<Item = Node>) -> Node {
    Node::cons(0x31, nodes)
}
/// OCTET STRING
pub fn octets(bytes: impl Into<Vec<u8>>) -> Node {
    Node::prim(0x04, bytes)
}
/// OCTET STRING holding DER
pub fn octets_of(node: Node) -> Node {
    Node::cons(0x04, [node])
}
/// BIT STRING without unused bits
pub fn bits(bytes: &[u8]) -> Node {
    bits_raw(0, bytes)
}
/// BIT STRING with the given count of unused bits, right or wrong
pub fn bits_raw(unused: u8, bytes: &[u8]) -> Node {
    let mut all = vec![unused];
    all.extend(bytes);
    Node::prim(0x03, all)
}
/// BIT STRING holding DER
pub fn bits_of(node: Node) -> Node {
    Node { tag: vec![0x03], length: Length::Definite, body: Body::Bits(vec![node]) }
}
/// INTEGER
pub fn int(value: &BigInt) -> Node {
    Node::prim(0x02, value.to_signed_bytes_be())
}
/// INTEGER of a small number
pub fn small(value: i64) -> Node {
    int(&BigInt::from(value))
}
/// INTEGER with these contents, minimal or not; empty is possible
pub fn int_raw(content: impl Into<Vec<u8>>) -> Node {
    Node::prim(0x02, content)
}
/// BOOLEAN
pub fn boolean(value: bool) -> Node {
    Node::prim(0x01, [if value { 0xff } else { 0 }])
}
/// BOOLEAN with this content octet; DER knows only 00 and FF
pub fn boolean_raw(octet: u8) -> Node {
    Node::prim(0x01, [octet])
}
/// NULL
pub fn null() -> Node {
    Node::prim(0x05, [])
}
/// OBJECT IDENTIFIER from dotted text
pub fn oid(dotted: &str) -> Node {
    let arcs: Vec<u64> = dotted.split('.').map(|a| a.parse().unwrap()).collect();
    let mut content = Vec::new();
    let first = arcs[0] * 40 + arcs[1];
    for arc in std::iter::once(&first).chain(&arcs[2..]) {
        let mut groups = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push(0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        content.extend(groups.iter().rev());
    }
    Node::prim(0x06, content)
}
/// UTF8String; any bytes
pub fn utf8(text: impl AsRef<[u8]>) -> Node {
    Node::prim(0x0c, text.as_ref())
}
/// PrintableString; any bytes
pub fn printable(text: impl AsRef<[u8]>) -> Node {
    Node::prim(0x13, text.as_ref())
}
/// T61String (TeletexString); any bytes
pub fn t61(text: impl AsRef<[u8]>) -> Node {
    Node::prim(0x14, text.as_ref())
}
/// IA5String; any bytes
pub fn ia5(text: impl AsRef<[u8]>) -> Node {
    Node::prim(0x16, text.as_ref())
}
/// UniversalString: UTF-32, big-endian
pub fn universal(text: &str) -> Node {
    Node::prim(0x1c, text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect::<Vec<u8>>())
}
/// BMPString: UTF-16, big-endian
pub fn bmp(text: &str) -> Node {
    Node::prim(0x1e, text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
}
/// UTCTime; any text
pub fn utc_time(text: &str) -> Node {
    Node::prim(0x17, text)
}
/// GeneralizedTime; any text
pub fn generalized_time(text: &str) -> Node {
    Node::prim(0x18, text)
}
/// Context tag `number`, constructed: EXPLICIT, or IMPLICIT over a SEQUENCE's elements
pub fn ctx(number: u8, nodes: impl IntoIterator<Item = Node>) -> Node {
    Node::cons(0xa0 | number, nodes)
}
/// Context tag `number`, primitive: IMPLICIT over a string
pub fn ctx_prim(number: u8, bytes: impl AsRef<[u8]>) -> Node {
    Node::prim(0x80 | number, bytes.as_ref())
}
