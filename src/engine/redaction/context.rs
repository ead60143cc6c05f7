//! Words near a number that say what it is. They raise a score; they never make a finding of their own.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// A set of context words, compiled when it is first asked.
pub(super) struct Context(LazyLock<Option<AhoCorasick>>);

macro_rules! context {
    ($(#[$doc:meta])* $name:ident = $words:expr) => {
        $(#[$doc])*
        pub(super) static $name: Context = Context(LazyLock::new(|| {
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build($words).ok()
        }));
    };
}

context! {
    /// What stands near telephone numbers.
    PHONE = [
        "phone", "mobile", "mob.", "cell", "fax", "tel", "call", "dial", "ring", "sms", "text me", "text us", "whatsapp", "contact", "reach",
        "desk", "office", "answering", "messages to", "message on", "registered", "hotline", "helpline", "pager", "voicemail",
        "handy", "fon", "mobil", "tlf", "téléphone", "teléfono", "móvil", "telefono", "telefoon", "puhelin", "direct line", "landline",
        "手机", "手機", "电话", "電話", "携帯", "전화", "휴대폰",
    ]
}
context! {
    /// What stands near payment cards.
    CARD = [
        "card", "visa", "mastercard", "amex", "american express", "maestro", "discover", "diners", "jcb", "unionpay", "credit",
        "debit", "pan", "cvv", "cvc", "expires", "expiry", "karte", "carte", "tarjeta",
    ]
}
context! {
    /// What stands near bank accounts.
    IBAN = ["iban", "account", "bank", "konto", "compte", "cuenta", "transfer", "sepa", "bic", "swift"]
}
context! {
    /// What stands near social security numbers.
    SSN = ["ssn", "social security", "soc sec", "social sec", "ss#", "ss #", "ss no", "tax id", "taxpayer", "itin"]
}
context! {
    /// What stands near NHS numbers.
    NHS = ["nhs", "national health"]
}
context! {
    /// What stands near dates of birth.
    BIRTH = [
        "born", "birth", "dob", "d.o.b", "b-day", "bday", "geboren", "geburtsdatum", "geb.", "né le", "née le", "naissance",
        "nacido", "nacida", "nacimiento", "nascid", "nascimento", "birthday", "ur.", "urodz", "syntyn", "født", "född", "nato il", "nata il", "geboortedatum", "fødselsdato",
    ]
}
context! {
    /// What stands near the numbers of accounts, patients, papers.
    ID = [
        "account", "acct", "mrn", "medical record", "patient", "passport", "licence", "license", "policy", "member",
        "claim", "employee", "customer", "case no", "case number", "docket", "file no", "reference no", "ref no", "national id",
        "identity", "id number", "id no", "tax id", "tin", "vat", "routing", "sort code", "insurance", "registration", "plate", "konto",
        "student id", "badge", "subscriber", "beneficiary", "nino", "ni number", "npi", "dea", "hospital no",
        "kundennummer", "kundennr", "steuer", "reisepass", "ausweis", "versichert", "vers.-nr", "personnummer", "personnr",
        "fødselsnummer", "passnummer", "dni", "nif", "nir", "pasaporte", "passeport", "sécurité sociale", "codice fiscale", "bsn",
        "身份证", "身分證", "护照", "護照", "マイナンバー", "주민등록번호",
    ]
}
context! {
    /// What stands before the numbers by which states know their people.
    NATIONAL = [
        "fødselsn", "fnr", "personnummer", "personnr", "pers.nr", "cpr", "bsn", "burgerservice", "sofinummer", "steuer", "idnr",
        "id-nr", "cpf", "pesel", "nir ", "nir:", "sécu", "secu ", "securite sociale", "rijksregister", "registre national", "insz",
        "ahv", "avs-", "henkilötunnus", "hetu", "dni", "nie ", "nie:", "nif", "codice fiscale", "cod. fisc", "c.f.", "national id",
        "identity n", "身份证", "身分證",
    ]
}
context! {
    /// What stands near codes that let somebody in once.
    VERIFY = [
        "verif", "vérif", "one-time", "one time", "log in", "login", "logging in", "sign in", "sign-in", "signing in", "2fa",
        "two-factor", "authenticat", "security code", "confirmation code", "bestätigung", "anmeld", "bekreft", "engangs", "otp",
        "passcode", "einmal",
    ]
}
context! {
    /// What stands near addresses and postal codes.
    ADDRESS = [
        "address", "zip", "postal", "postcode", "post code", "lives at", "live at", "living at", "located at", "resid", "ship to",
        "deliver", "mail to", "return to", "send to", "moved to", "street", "st.", "road", "avenue", "city", "state", "county", "plz", "c/o",
    ]
}
context! {
    /// What stands near sums, sizes and counts, which are no numbers of anybody.
    AMOUNT = [
        "$", "€", "£", "¥", "usd", "eur", "gbp", "nok", "sek", "dkk", "chf", " kr", "kr ", "total", "amount", "sum", "price", "cost", "revenue",
        "users", "units", "rows", "bytes", "population", "million", "billion", "invoice", "isbn", "issn", "version", "order",
    ]
}

impl Context {
    /// Whether one of the words stands within `before` bytes before the span or `after` bytes after it, as a word's beginning.
    pub(super) fn is_near(&self, text: &str, span: &Range<usize>, before: usize, after: usize) -> bool {
        let Some(words) = self.0.as_ref() else { return true };
        let start = text.floor_char_boundary(span.start.saturating_sub(before));
        let end = text.ceil_char_boundary((span.end + after).min(text.len()));
        begins_in(words, text, start..span.start) || begins_in(words, text, span.end..end)
    }

    /// Whether one of the words stands within `before` bytes before the span.
    pub(super) fn is_before(&self, text: &str, at: usize, before: usize) -> bool {
        self.is_near(text, &(at..at), before, 0)
    }
}

fn begins_in(words: &AhoCorasick, text: &str, within: Range<usize>) -> bool {
    !within.is_empty()
        && words.find_overlapping_iter(&text[within.clone()]).any(|hit| {
            let at = within.start + hit.start();
            let first = text.as_bytes()[at];
            let before = at.checked_sub(1).map_or(b' ', |at| text.as_bytes()[at]);
            !first.is_ascii_alphabetic()
                || !before.is_ascii_alphabetic()
                || (first.is_ascii_uppercase() && before.is_ascii_lowercase())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_word_counts_at_the_beginning_of_a_word_only() {
        let text = "Telephone: 1234. Recall: 5678";
        assert!(PHONE.is_before(text, 11, 40));
        assert!(!PHONE.is_before(text, 25, 8));
        assert!(PHONE.is_near("1234 fax", &(0..4), 10, 10));
    }
}
