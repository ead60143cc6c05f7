//! A person's own names: what must never cross, what may, and patterns of their own numbers.

use serde::{Deserialize, Serialize};

use super::fold;
use super::matcher::Form;
use super::names::Kept;
use super::words;

/// The names, judgements and patterns that one pane, or one run of `mask`, works with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dictionary {
    /// What is always replaced.
    pub names: Vec<Name>,
    /// Words that were judged and may cross.
    pub keep: Vec<String>,
    /// Numbers and codes of the person's own.
    pub patterns: Vec<Pattern>,
}

/// One client, person, project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Other names for the same.
    pub aliases: Vec<String>,
    /// What it is, such as `client`: the label of its pseudonyms.
    pub kind: String,
    /// Its domains on the net.
    pub domains: Vec<String>,
}

/// A pattern of the person's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pattern {
    /// What it finds, such as `case`.
    pub kind: String,
    /// The expression.
    pub regex: String,
}

/// What a person decided about an unknown name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// It is replaced from now on.
    Mask,
    /// It may cross from now on.
    Keep,
}

/// The kind of a name whose kind nobody said.
pub(super) const UNSAID: &str = "name";

/// Legal forms at the end of a company's name: the name before them is never a person's.
const LEGAL_FORMS: [&str; 27] = [
    "as",
    "asa",
    "ab",
    "aps",
    "gmbh",
    "ag",
    "kg",
    "se",
    "ltd",
    "limited",
    "llc",
    "llp",
    "inc",
    "corp",
    "corporation",
    "co",
    "plc",
    "sa",
    "sarl",
    "sas",
    "srl",
    "spa",
    "nv",
    "bv",
    "oy",
    "oyj",
    "group",
];

/// Two capitals that mean something else to everyone.
const OTHER_CAPITALS: [&str; 22] = [
    "AI", "AM", "PM", "IT", "ID", "OK", "TV", "US", "UK", "EU", "UN", "HR", "PR", "QA", "VP", "CV", "CD", "PC", "OS",
    "IP", "AS", "NO",
];

impl Dictionary {
    /// Remembers a judgement. The last one counts.
    pub fn judge(&mut self, word: &str, judgement: Judgement) {
        let folded = fold::fold(word);
        self.keep.retain(|kept| fold::fold(kept) != folded);
        match judgement {
            Judgement::Keep => {
                self.names.retain(|name| name.kind != UNSAID || fold::fold(&name.name) != folded);
                self.keep.push(word.to_owned());
            }
            Judgement::Mask => {
                if !self.names.iter().any(|name| name.all().any(|known| fold::fold(known) == folded)) {
                    self.names.push(Name { name: word.to_owned(), kind: UNSAID.to_owned(), ..Name::default() });
                }
            }
        }
    }

    /// Withdraws a judgement, or takes out a name that was added: the word is unknown again.
    pub fn unjudge(&mut self, word: &str) {
        let folded = fold::fold(word);
        self.keep.retain(|kept| fold::fold(kept) != folded);
        self.names.retain(|name| fold::fold(&name.name) != folded);
    }

    /// Adds a name of a kind; one that is there already takes that kind.
    pub fn add(&mut self, name: &str, kind: &str) {
        self.unjudge(name);
        self.names.push(Name::new(name, kind));
    }

    /// Whether a name of this spelling is here.
    pub fn masks(&self, word: &str) -> bool {
        let folded = fold::fold(word);
        self.names.iter().any(|name| fold::fold(&name.name) == folded)
    }

    /// Whether this word may cross by a judgement.
    pub fn keeps(&self, word: &str) -> bool {
        let folded = fold::fold(word);
        self.keep.iter().any(|kept| fold::fold(kept) == folded)
    }

    /// The words that were judged and may cross, folded.
    pub(super) fn kept(&self) -> Kept {
        self.keep.iter().map(|word| fold::fold(word)).filter(|word| !word.is_empty()).collect()
    }

    /// Takes in everything that another dictionary says.
    pub fn extend(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.keep.extend(other.keep.iter().cloned());
        self.patterns.extend(other.patterns.iter().cloned());
    }

    /// Lets this value cross: whoever receives it is who said it.
    pub fn release(&mut self, value: &str) {
        let folded = fold::fold(value);
        self.names.retain(|name| !name.all().any(|known| fold::fold(known) == folded));
        self.keep.push(value.to_owned());
    }
}

impl Name {
    /// A name without aliases.
    pub fn new(name: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { name: name.into(), kind: kind.into(), ..Self::default() }
    }

    /// The name and its aliases.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Every way this name is written, for the matcher. What is called after it may have been judged to cross.
    pub(super) fn forms(&self, owner: usize, kept: &Kept) -> Vec<Form> {
        let mut forms = Vec::new();
        for name in self.all() {
            written(owner, name, Form::anywhere, &mut forms);
            if let Some(called) = without_legal_form(name).filter(|called| !kept.contains(&fold::fold(called))) {
                let is_common = |word| words::tier(&fold::squeeze(word)) == Some(words::Tier::Common);
                // A company that is called like a word that everyone uses is told from it by its capital.
                let form = if called.split_whitespace().all(is_common) { capitals } else { Form::anywhere };
                written(owner, called, form, &mut forms);
            }
            let folded = fold::fold(name);
            if folded.chars().count() < super::matcher::SHORT {
                forms.push(whole(owner, &format!("{folded}s")));
            }
            initials(name, owner, &mut forms);
        }
        for domain in &self.domains {
            let domain = domain.trim_start_matches('@');
            forms.push(Form::anywhere(owner, domain));
            let label = domain.rsplit('.').nth(1).unwrap_or("");
            if label.len() >= super::matcher::SHORT && words::tier(&label.to_ascii_lowercase()).is_none() {
                forms.push(Form::anywhere(owner, label));
            }
        }
        forms
    }
}

fn whole(owner: usize, text: &str) -> Form {
    Form { owner, text: text.to_owned(), whole: true, exact: false }
}

fn capitals(owner: usize, text: &str) -> Form {
    Form { owner, text: text.to_owned(), whole: true, exact: true }
}

/// The name as it is and, if that differs, spelled out.
fn written(owner: usize, name: &str, form: impl Fn(usize, &str) -> Form, forms: &mut Vec<Form>) {
    let spelled = spelled_out(name);
    forms.push(form(owner, name));
    forms.extend((spelled != name).then(|| form(owner, &spelled)));
}

/// `Müller` is written `Mueller` where there is no `ü`.
fn spelled_out(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'ä' => "ae".to_owned(),
            'ö' | 'ø' => "oe".to_owned(),
            'ü' => "ue".to_owned(),
            'å' => "aa".to_owned(),
            'Ä' => "Ae".to_owned(),
            'Ö' | 'Ø' => "Oe".to_owned(),
            'Ü' => "Ue".to_owned(),
            'Å' => "Aa".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

/// What a company is called, without its legal form: `Brightwater` for `Brightwater Ltd.`, `Müller` for `Müller GmbH & Co. KG`.
fn without_legal_form(name: &str) -> Option<&str> {
    let mut called = name.trim();
    while let Some((before, last)) = called.rsplit_once(char::is_whitespace) {
        if last != "&" && !LEGAL_FORMS.contains(&fold::squeeze(last).as_str()) {
            break;
        }
        called = before.trim_end_matches(|c: char| c.is_whitespace() || c == ',');
    }
    (called.len() < name.trim().len() && called.chars().count() >= super::matcher::SHORT).then_some(called)
}

/// `J. Doe`, `jdoe`, `Doe, Jane`, `J.D.` for a person; `ATP` for Acme Trading Partners.
fn initials(name: &str, owner: usize, forms: &mut Vec<Form>) {
    let words: Vec<&str> = name.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let legal = words.last().is_some_and(|last| LEGAL_FORMS.contains(&fold::squeeze(last).as_str()));
    let first_letters: Vec<char> = words.iter().filter_map(|word| word.chars().find(|c| c.is_alphabetic())).collect();
    if !(2..=4).contains(&words.len()) || !first_letters.iter().all(|c| c.is_uppercase()) {
        return;
    }
    if let (&[first, ..], [given, .., family], false) = (first_letters.as_slice(), words.as_slice(), legal) {
        for form in [
            format!("{first}. {family}"),
            format!("{first} {family}"),
            format!("{first}.{family}"),
            format!("{first}{family}"),
            format!("{first}_{family}"),
            format!("{family}, {given}"),
            format!("{family} {given}"),
            format!("{family}.{given}"),
            format!("{family}, {first}."),
            format!("{family} {first}."),
        ] {
            forms.push(whole(owner, &form));
        }
        if words.len() > 2 {
            forms.push(Form::anywhere(owner, &format!("{given} {family}")));
        }
    }
    let letters: String = first_letters.iter().collect();
    let dotted: String = first_letters.iter().flat_map(|&c| [c, '.']).collect();
    let spaced = dotted.replace('.', ". ");
    forms.push(capitals(owner, &dotted));
    forms.push(capitals(owner, spaced.trim_end()));
    if !OTHER_CAPITALS.contains(&letters.as_str()) {
        forms.push(capitals(owner, &letters));
    }
}

#[cfg(test)]
mod tests {
    use super::super::matcher::Matcher;
    use super::*;

    fn finds(name: &Name, text: &str) -> bool {
        !Matcher::new(name.forms(0, &Kept::new())).find(text).is_empty()
    }

    #[test]
    fn a_person_is_found_by_initials_order_and_handle() {
        let name = Name::new("Jane Doe", "client");
        for text in [
            "Jane Doe",
            "JANE DOE'S",
            "J. Doe",
            "J Doe",
            "jdoe",
            "jane.doe",
            "doe, jane",
            "Doe J.",
            "J.D.",
            "J. D.",
            "JD",
            "jane_doe",
            "Jane\nDoe",
        ] {
            assert!(finds(&name, text), "{text}");
        }
        for text in ["a doe in the forest", "plain jane", "jd", "January Doe"] {
            assert!(!finds(&name, text), "{text}");
        }
    }

    #[test]
    fn a_company_is_found_by_its_capitals_and_domains() {
        let name = Name {
            name: "Zephyr Trading Partners".to_owned(),
            domains: vec!["zephyrtp.example".to_owned()],
            kind: "client".to_owned(),
            aliases: vec!["Müllerhof".to_owned()],
        };
        for text in [
            "ZTP",
            "Z.T.P.",
            "info@zephyrtp.example",
            "mail.zephyrtp.com",
            "zephyr-trading-partners.com",
            "Muellerhof",
            "MÜLLERHOF",
        ] {
            assert!(finds(&name, text), "{text}");
        }
        assert!(!finds(&name, "ztp"));
    }

    #[test]
    fn a_company_is_found_by_what_it_is_called() {
        for (name, text) in [
            ("Brightwater Ltd.", "ask BRIGHTWATER's people"),
            ("Müller, GmbH & Co. KG", "bei Mueller"),
            ("Müller, GmbH & Co. KG", "the Muller-report"),
            ("Apple Inc", "at Apple"),
            ("Blue Ocean Group", "Blue Ocean said"),
        ] {
            assert!(finds(&Name::new(name, "client"), text), "{name}: {text}");
        }
        for (name, text) in [("Apple Inc", "an apple"), ("Sea AS", "The Sea"), ("Ltd", "x"), ("Jane Doe", "Jane")] {
            assert!(!finds(&Name::new(name, "client"), text), "{name}: {text}");
        }
        let kept = Kept::from(["brightwater".to_owned()]);
        let forms = Name::new("Brightwater Ltd", "client").forms(0, &kept);
        assert!(Matcher::new(forms).find("Brightwater").is_empty());
    }

    #[test]
    fn the_last_judgement_counts() {
        let mut dictionary = Dictionary::default();
        dictionary.judge("Brightwater", Judgement::Keep);
        dictionary.judge("brightwater", Judgement::Mask);
        assert_eq!((dictionary.keep.len(), dictionary.names.len()), (0, 1));
        dictionary.judge("Brightwater", Judgement::Keep);
        assert_eq!((dictionary.keep.len(), dictionary.names.len()), (1, 0));
    }

    #[test]
    fn a_name_is_added_with_its_kind_and_what_was_judged_is_unknown_again() {
        let mut dictionary = Dictionary::default();
        dictionary.judge("Brightwater", Judgement::Keep);
        dictionary.add("brightwater", "client");
        assert_eq!((dictionary.keep.len(), dictionary.names[0].kind.as_str()), (0, "client"));
        dictionary.add("Brightwater", "project");
        assert_eq!((dictionary.names.len(), dictionary.names[0].kind.as_str()), (1, "project"));
        assert!(dictionary.masks("BRIGHTWATER") && !dictionary.keeps("Brightwater"));
        dictionary.unjudge("BrightWater");
        assert_eq!(dictionary, Dictionary::default());
    }
}
