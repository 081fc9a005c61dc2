//! Kubernetes' own readers: whatever we read, they read the same way or not at all.

use std::collections::BTreeMap;

use hardtack::yaml::stream::{self, Content, ParseOptions};
use hardtack::yaml::{Data, Stream};

use crate::mutants::{brackets, mutants, seeds, soups};
use crate::support::oracle::{Oracle, Question};

fn read(text: &str) -> Option<Stream> {
    stream::parse(text.to_owned(), ParseOptions::default()).ok()
}

fn data(stream: &Stream) -> Vec<Data> {
    stream.documents.iter().filter_map(|it| stream.root(it)).map(|root| root.to_data()).collect()
}

/// Counts of what came of the questions.
#[derive(Debug, Default)]
struct Tally {
    alike: usize,
    /// Go's reason for what only we read.
    only_ours: BTreeMap<String, (usize, String)>,
}

impl Tally {
    /// Asks sigs.k8s.io/yaml for each text that we read as one document.
    fn compare(&mut self, texts: impl Iterator<Item = String>) {
        let mut oracle = Oracle::start();
        let texts: Vec<(String, Data)> = texts
            .filter(|text| !text.starts_with("---"))
            .filter_map(|text| {
                let stream = read(&text)?;
                let one = stream.documents.len() == 1;
                one.then(|| data(&stream).pop().unwrap_or_default()).map(|data| (text, data))
            })
            .collect();
        for some in texts.chunks(2_000) {
            let questions: Vec<_> = some.iter().map(|(text, _)| Question::yaml(text.as_str())).collect();
            for ((text, ours), answer) in some.iter().zip(oracle.ask_all(&questions)) {
                match answer {
                    Ok(theirs) => {
                        assert_eq!(*ours, theirs, "{text:?}");
                        self.alike += 1;
                    }
                    Err(error) => {
                        let entry = self.only_ours.entry(error).or_insert((0, text.clone()));
                        entry.0 += 1;
                    }
                }
            }
        }
    }

    fn expect(&self, least: usize) {
        assert!(self.alike >= least, "only {} texts were read by both", self.alike);
        // What Go refuses is not misread by it; more than a handful would be a gap in what we refuse.
        let only_ours: usize = self.only_ours.values().map(|(count, _)| count).sum();
        println!("{} read by both, {only_ours} by us alone: {:#?}", self.alike, self.only_ours);
        assert!(only_ours * 500 <= self.alike, "read by us alone: {:#?}", self.only_ours);
    }
}

pub fn reads_seeds_and_charts_alike() {
    let bodies = seeds().into_iter().flat_map(|(name, text)| {
        let stream = read(&text).unwrap_or_else(|| panic!("{name} is refused"));
        let parsed = stream.documents.iter().filter(|it| matches!(it.content, Content::Parsed(_)));
        parsed.map(|document| stream.body(document).to_owned()).collect::<Vec<_>>()
    });
    let mut tally = Tally::default();
    tally.compare(bodies);
    tally.expect(10);
}

pub fn reads_mutants_alike() {
    let mut tally = Tally::default();
    tally.compare(mutants(25_000, 8));
    tally.expect(3_000);
}

pub fn reads_words_alike() {
    let mut tally = Tally::default();
    tally.compare(soups(40_000, 9));
    tally.expect(4_000);
}

pub fn reads_brackets_alike() {
    let mut tally = Tally::default();
    tally.compare(brackets(30_000, 13));
    tally.expect(3_000);
}

/// Every scalar as value, as key, as item, in flow, and quoted.
pub fn resolves_scalars_alike() {
    let scalars = "~ null Null NULL nULL y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF \
        tRUE oN yES << = 2001-1-1 2001-01-01 2001-01-01T00:00:00Z 0777 0o777 0O17 0x1F 0X1f -0x1F 0b11 0B1 0b-1 -0b1 \
        0b+1 1_000 _1 1_ +1 -1 -0 +0 0_7 0 00 08 09 0089 5. .5 -.5 +.5 1.5 1e3 1E3 1e+3 1e-3 1.e1 .5e1 ._5 .5_0 .5e1_0 \
        1_0.5 1e400 -1e400 1e-400 5e-324 12:30:45 1:2 190:20:30.15 0x1p4 1.2.3 1e 5Mi 1.20 1.0 -1.0 100.0 1e20 1e21 1e22 \
        123456789012345678 9007199254740993 9007199254740993.0 9223372036854775807 9223372036854775808 \
        -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 0xFFFFFFFFFFFFFFFF \
        0x1FFFFFFFFFFFFFFFF 01777777777777777777777 + - . -. +. 0x 0b 0o 0x_ 0_ __ 1__0 inf nan Inf NaN infinity 0xg 1f \
        1d 0b2 0o8 a é ١ 1١ true1 1true 0.1e1 00.5 -00.5 +0x1 ++1 --1 1e1.5 .e1 e1 1_e1 1e_1 0.0 -0.0 3.14159265358979 \
        0.1 1234567.0 16777217.0 1e6 1e5 0.0001 0.00001 4294967296 1e15 1e16";
    let scalars: Vec<&str> = scalars.split_ascii_whitespace().collect();
    let texts = scalars.iter().flat_map(|scalar| {
        [
            format!("a: {scalar}\n"),
            format!("{scalar}: a\n"),
            format!("- {scalar}\n"),
            format!("a: [{scalar}, '{scalar}', \"{scalar}\"]\n"),
            format!("a: |\n  {scalar}\nb: >-\n  {scalar}\n"),
            format!("a: !!str {scalar}\n"),
            format!("a: !x {scalar}\n"),
            format!("a: !!int {scalar}\nb: 1\n"),
            format!("a: !!float {scalar}\nb: 1\n"),
            format!("a: !!bool {scalar}\nb: 1\n"),
            format!("a: !!int \"{scalar}\"\n"),
            format!("'{scalar}': \"{scalar}\"\n"),
            format!("a: {scalar}\n  {scalar}\n"),
        ]
    });
    let mut tally = Tally::default();
    tally.compare(texts);
    tally.expect(scalars.len() * 6);
}

/// The splitters of Helm and kubectl see the documents that we see.
pub fn readers_cut_streams_alike() {
    let mut oracle = Oracle::start();
    let mut alike = 0;
    // kubectl completes a missing line end at the end of the stream.
    let texts: Vec<_> = seeds()
        .into_iter()
        .map(|(_, text)| text)
        .chain(mutants(8_000, 10))
        .chain(soups(8_000, 11))
        .map(|text| if text.ends_with('\n') { text } else { text + "\n" })
        .filter_map(|text| read(&text).map(|stream| (text, stream)))
        .collect();
    for some in texts.chunks(2_000) {
        let kubectl: Vec<_> =
            some.iter().map(|(text, _)| Question::stream("kubectl", text.as_str())).collect();
        let helm: Vec<_> = some.iter().map(|(text, _)| Question::stream("helm", text.as_str())).collect();
        let answers = oracle.ask_all(&kubectl).into_iter().zip(oracle.ask_all(&helm));
        for ((text, stream), (kubectl, helm)) in some.iter().zip(answers) {
            if let Ok(theirs) = kubectl {
                assert_eq!(
                    without_nulls(Data::from(data(stream))),
                    without_nulls(theirs),
                    "kubectl: {text:?}"
                );
                alike += 1;
            }
            // Helm trims documents before it looks at them, so that more may become separators.
            let moved = |document| {
                let body = stream.body(document).trim_start();
                body.starts_with("---") || body.starts_with("...")
            };
            if let (Ok(theirs), false) = (helm, stream.documents.iter().any(moved)) {
                assert_eq!(
                    without_nulls(Data::from(trimmed(stream))),
                    without_nulls(theirs),
                    "helm: {text:?}"
                );
            }
        }
    }
    assert!(alike > 2_000, "only {alike} streams were read by both");
}

fn without_nulls(documents: Data) -> Vec<Data> {
    let Data::Array(documents) = documents else { panic!("a list of documents") };
    documents.into_iter().filter(|document| !document.is_null()).collect()
}

/// The documents as Helm hands them on: without blanks at either end.
fn trimmed(stream: &Stream) -> Vec<Data> {
    let body = |document| stream.body(document).trim().to_owned();
    let documents = stream.documents.iter().map(|document| read(&body(document)));
    documents
        .map(|stream| stream.map(|stream| data(&stream).pop().unwrap_or_default()).unwrap_or_default())
        .collect()
}
