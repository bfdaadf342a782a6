//! Certificates, keys and requests as a graph, for Mermaid and for Graphviz.

use std::collections::BTreeMap;

use certgate::containers::{Object, inspect_together};
use certgate::inspect::{CertificateFacts, KeyFacts, LinkSignature};
use certgate::{At, Policy};

use crate::args::InspectFormat;
use crate::policy;

/// The most objects of a graph that anybody can read, and the cost of a hostile folder.
pub(super) const MOST: usize = 1000;

/// What is drawn: nodes with their lines, and who made or holds whom.
#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

struct Node {
    name: String,
    kind: Kind,
    lines: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificate,
    Key,
    Request,
    /// An issuer that is only named.
    Absent,
}

struct Edge {
    from: String,
    to: String,
    label: &'static str,
    is_sound: bool,
}

/// The graph of all objects.
pub(super) fn text(format: InspectFormat, objects: &[Object], policy: &Policy, at: At) -> String {
    let graph = graph(objects, policy, at);
    match format {
        InspectFormat::Dot => dot(&graph),
        _ => mermaid(&graph),
    }
}

fn graph(objects: &[Object], policy: &Policy, at: At) -> Graph {
    let told = inspect_together(objects, policy, at);
    let mut graph = Graph::default();
    let place = |block: Option<usize>| {
        let object = block.and_then(|block| objects.get(block.checked_sub(1)?));
        object.map(|object| match object.block.location.block {
            Some(block) => format!("{}, block {block}", object.inside.join(", ")),
            None => object.inside.join(", "),
        })
    };
    // The same certificate in several places is one node.
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut by_block: BTreeMap<usize, String> = BTreeMap::new();
    let certificates: Vec<&CertificateFacts> = told.certificates().collect();
    for facts in &certificates {
        let number = names.len().saturating_add(1);
        let is_new = !names.contains_key(facts.fingerprint_sha256.as_str());
        let name = names.entry(&facts.fingerprint_sha256).or_insert_with(|| format!("c{number}")).clone();
        by_block.extend(facts.block.map(|block| (block, name.clone())));
        if is_new {
            let title = facts.metadata.common_name.as_deref().unwrap_or(&facts.subject).to_owned();
            let end = facts.metadata.not_after.map(|end| format!("until {}", policy::format_time(end)));
            let lines = std::iter::once(title).chain(end).chain(place(facts.block)).collect();
            graph.nodes.push(Node { name, kind: Kind::Certificate, lines });
        } else {
            graph.also_at(&name, place(facts.block));
        }
    }
    let mut absent: BTreeMap<&str, String> = BTreeMap::new();
    for facts in &certificates {
        let Some(to) = facts.block.and_then(|block| by_block.get(&block)) else { continue };
        let label = match facts.issuer_signature {
            Some(LinkSignature::Wrong) => "did not sign",
            Some(LinkSignature::NotVerified) => "issued, signature not verified",
            Some(LinkSignature::Verified) => "signed",
            None => "issued",
        };
        let is_sound = facts.issuer_signature == Some(LinkSignature::Verified);
        let from = match facts.issued_by.and_then(|block| by_block.get(&block)) {
            Some(from) => from.clone(),
            None => {
                let number = absent.len().saturating_add(1);
                absent.entry(&facts.issuer_name).or_insert_with(|| format!("a{number}")).clone()
            }
        };
        graph.edge(&from, to, label, is_sound);
    }
    for (issuer, name) in absent {
        let lines = vec![issuer.to_owned(), "not here".to_owned()];
        graph.nodes.push(Node { name, kind: Kind::Absent, lines });
    }
    let holders = told.keys.iter().map(|facts| (facts.block, Kind::Key, Some(&facts.key), "private key"));
    let asked = told.others.iter().filter(|facts| facts.kind == "certificate request");
    let asked = asked.map(|facts| (facts.block, Kind::Request, facts.key.as_ref(), facts.kind));
    for (number, (block, kind, key, title)) in holders.chain(asked).enumerate() {
        let name = format!("k{}", number.saturating_add(1));
        let lines = std::iter::once(title.to_owned()).chain(key.map(in_words)).chain(place(block)).collect();
        graph.nodes.push(Node { name: name.clone(), kind, lines });
        let Some(spki) = key.and_then(|key| key.spki_sha256.as_ref()) else { continue };
        for facts in certificates.iter().filter(|facts| facts.key.spki_sha256.as_ref() == Some(spki)) {
            let label = if kind == Kind::Key { "is the key of" } else { "asks for the key of" };
            if let Some(to) = facts.block.and_then(|block| by_block.get(&block)) {
                graph.edge(&name, to, label, true);
            }
        }
    }
    graph
}

impl Graph {
    fn edge(&mut self, from: &str, to: &str, label: &'static str, is_sound: bool) {
        if !self.edges.iter().any(|edge| edge.from == from && edge.to == to) {
            self.edges.push(Edge { from: from.to_owned(), to: to.to_owned(), label, is_sound });
        }
    }

    fn also_at(&mut self, name: &str, place: Option<String>) {
        if let Some(node) = self.nodes.iter_mut().find(|node| node.name == name) {
            node.lines.extend(place);
        }
    }
}

fn in_words(key: &KeyFacts) -> String {
    let kind = key.kind.as_deref().unwrap_or("not readable");
    key.bits.map_or_else(|| kind.to_owned(), |bits| format!("{kind}, {bits} bits"))
}

/// A flowchart of Mermaid.
fn mermaid(graph: &Graph) -> String {
    let mut out = "flowchart TD\n".to_owned();
    for Node { name, kind, lines } in &graph.nodes {
        let (open, close) = match kind {
            Kind::Certificate => ("[", "]"),
            Kind::Key => ("([", "])"),
            Kind::Request => ("[/", "/]"),
            Kind::Absent => ("{{", "}}"),
        };
        let lines: Vec<_> = lines.iter().map(|line| entities(line)).collect();
        out.push_str(&format!("  {name}{open}\"{}\"{close}\n", lines.join("<br/>")));
    }
    for Edge { from, to, label, is_sound } in &graph.edges {
        let arrow = if *is_sound { "-->" } else { "-.->" };
        out.push_str(&format!("  {from} {arrow}|{label}| {to}\n"));
    }
    out
}

/// A text in which nothing means anything to Mermaid: what may is written as an entity by its number.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || " .,-_:=/*@+".contains(character) {
            out.push(character);
        } else {
            out.push_str(&format!("#{};", u32::from(character)));
        }
    }
    out
}

/// A graph of Graphviz.
fn dot(graph: &Graph) -> String {
    let mut out = "digraph certificates {\n  node [shape=box];\n".to_owned();
    for Node { name, kind, lines } in &graph.nodes {
        let style = match kind {
            Kind::Certificate => "",
            Kind::Key => ", shape=ellipse",
            Kind::Request => ", shape=parallelogram",
            Kind::Absent => ", style=dashed",
        };
        let lines: Vec<_> =
            lines.iter().map(|line| line.replace('\\', "\\\\").replace('"', "\\\"")).collect();
        out.push_str(&format!("  {name} [label=\"{}\"{style}];\n", lines.join("\\n")));
    }
    for Edge { from, to, label, is_sound } in &graph.edges {
        let style = if *is_sound { "" } else { ", style=dashed" };
        out.push_str(&format!("  {from} -> {to} [label=\"{label}\"{style}];\n"));
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_label() {
        let lines = vec!["a\"]\\ <b>&#1;汉".to_owned()];
        let node = Node { name: "c1".to_owned(), kind: Kind::Certificate, lines };
        let graph = Graph { nodes: vec![node], edges: Vec::new() };
        assert_eq!(mermaid(&graph), "flowchart TD\n  c1[\"a#34;#93;#92; #60;b#62;#38;#35;1#59;汉\"]\n");
        let want = "digraph certificates {\n  node [shape=box];\n  c1 [label=\"a\\\"]\\\\ <b>&#1;汉\"];\n}\n";
        assert_eq!(dot(&graph), want);
    }
}
