//! Which language a text is in, as far as stop words tell, and the stop words themselves.

/// The languages with lists of their own. Everything else is read without stop words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// English.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Any other, Chinese and Japanese among them.
    #[default]
    Other,
}

/// How much of a text is looked at: a beginning is enough.
const LOOKED_AT: usize = 4_000;

impl Language {
    /// The language whose stop words are the most frequent.
    pub(super) fn of(text: &str) -> Self {
        let mut hits = [0_usize; 4];
        let all = [Self::English, Self::German, Self::French, Self::Spanish];
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(LOOKED_AT) {
            let word = word.to_lowercase();
            for (hit, language) in hits.iter_mut().zip(all) {
                *hit += usize::from(language.stop_words().contains(&word.as_str()));
            }
        }
        let best = (0..4).max_by_key(|&i| (hits[i], 4 - i)).unwrap_or(0);
        if hits[best] == 0 { Self::Other } else { all[best] }
    }

    /// Words that carry no subject.
    pub(super) const fn stop_words(self) -> &'static [&'static str] {
        match self {
            Self::English => ENGLISH,
            Self::German => GERMAN,
            Self::French => FRENCH,
            Self::Spanish => SPANISH,
            Self::Other => &[],
        }
    }
}

/// Words of a request that say what to do and not what about.
pub(super) const ASKING: &[&str] = &[
    "compare",
    "summarise",
    "summarize",
    "summary",
    "list",
    "tell",
    "show",
    "give",
    "explain",
    "describe",
    "find",
    "extract",
    "read",
    "review",
    "research",
    "draft",
    "write",
    "outline",
    "turn",
    "make",
    "create",
    "prepare",
    "please",
    "document",
    "documents",
    "text",
    "texts",
    "file",
    "files",
    "attached",
    "attachment",
    "paper",
    "article",
    "essay",
    "say",
    "says",
    "said",
    "point",
    "points",
    "key",
    "main",
    "important",
    "mean",
    "means",
    "happen",
    "happens",
    "know",
    "need",
    "needs",
    "want",
    "following",
    "synthesise",
    "synthesize",
    "agree",
    "disagree",
    "differ",
    "difference",
    "differences",
    "one",
    "two",
    "three",
    "four",
    "memo",
    "note",
    "notes",
    "page",
    "bullet",
    "bullets",
    "short",
    "brief",
    "vergleiche",
    "vergleich",
    "fasse",
    "zusammen",
    "zusammenfassung",
    "nenne",
    "zeige",
    "erkläre",
    "beschreibe",
    "schreibe",
    "entwirf",
    "bitte",
    "dokument",
    "datei",
    "wichtigsten",
    "wichtige",
    "punkte",
    "steht",
    "sagt",
    "compare",
    "compares",
    "résume",
    "résumé",
    "résumer",
    "donne",
    "explique",
    "décris",
    "rédige",
    "écris",
    "document",
    "fichier",
    "texte",
    "dit",
    "principaux",
    "compara",
    "resume",
    "resumen",
    "explica",
    "describe",
    "escribe",
    "texto",
    "archivo",
    "documento",
    "dice",
    "principales",
];

const ENGLISH: &[&str] = &[
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "did", "do",
    "does", "doing", "don't", "down", "during", "each", "even", "every", "few", "for", "from", "further", "had", "has",
    "have", "having", "he", "her", "here", "hers", "him", "his", "how", "however", "i", "if", "in", "into", "is", "it",
    "its", "itself", "just", "let", "like", "may", "me", "might", "more", "most", "much", "must", "my", "no", "nor",
    "not", "now", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "out", "over", "own", "per", "same",
    "shall", "she", "should", "so", "some", "such", "than", "that", "that's", "the", "their", "theirs", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "us", "very",
    "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with",
    "within", "without", "would", "yet", "you", "your", "yours", "isn't", "doesn't", "it's", "can't", "won't",
    "you're", "are",
];

const GERMAN: &[&str] = &[
    "aber", "alle", "allem", "allen", "aller", "alles", "als", "also", "am", "an", "andere", "anderen", "auch", "auf",
    "aus", "bei", "beim", "bin", "bis", "da", "dabei", "damit", "dann", "das", "dass", "daß", "dein", "dem", "den",
    "denn", "der", "des", "dessen", "deren", "die", "dies", "diese", "diesem", "diesen", "dieser", "dieses", "doch",
    "dort", "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es", "etwa", "euch", "für",
    "gegen", "haben", "hat", "hatte", "hatten", "hier", "ich", "ihm", "ihn", "ihr", "ihre", "ihrem", "ihren", "ihrer",
    "im", "in", "indem", "ins", "ist", "ja", "je", "jede", "jeden", "jeder", "jedes", "jedoch", "kann", "kein",
    "keine", "keinen", "können", "man", "mehr", "mein", "mich", "mir", "mit", "muss", "müssen", "nach", "nicht",
    "noch", "nun", "nur", "ob", "oder", "ohne", "pro", "sehr", "sein", "seine", "seinen", "seiner", "sich", "sie",
    "sind", "so", "soll", "sollen", "sollte", "sondern", "sonst", "sowie", "über", "um", "und", "uns", "unser",
    "unter", "viel", "vom", "von", "vor", "wann", "war", "waren", "warum", "was", "weil", "welche", "welcher", "wenn",
    "wer", "werden", "wie", "wieder", "will", "wir", "wird", "wo", "wurde", "wurden", "zu", "zum", "zur", "zwischen",
];

const FRENCH: &[&str] = &[
    "à", "ai", "ainsi", "au", "aucun", "aussi", "autre", "autres", "aux", "avait", "avec", "avoir", "ce", "cela",
    "ces", "cet", "cette", "ceux", "chaque", "ci", "comme", "comment", "d", "dans", "de", "des", "donc", "dont", "du",
    "elle", "elles", "en", "encore", "entre", "est", "et", "étaient", "était", "été", "être", "eux", "fait", "il",
    "ils", "je", "l", "la", "le", "les", "leur", "leurs", "lorsque", "lui", "mais", "me", "même", "mes", "moi", "mon",
    "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "où", "par", "parce", "pas", "peut", "peuvent", "plus",
    "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "s", "sa", "sans", "se",
    "ses", "si", "son", "sont", "sous", "sur", "ta", "te", "tes", "ton", "tous", "tout", "toute", "toutes", "très",
    "tu", "un", "une", "vers", "vos", "votre", "vous", "y",
];

const SPANISH: &[&str] = &[
    "a", "al", "algo", "algunos", "ante", "antes", "como", "cómo", "con", "contra", "cual", "cuál", "cuando", "de",
    "del", "desde", "donde", "durante", "e", "el", "él", "ella", "ellas", "ellos", "en", "entre", "era", "eran", "es",
    "esa", "ese", "eso", "esta", "está", "están", "estas", "este", "esto", "estos", "fue", "fueron", "ha", "había",
    "han", "hasta", "hay", "la", "las", "le", "les", "lo", "los", "más", "me", "mi", "mientras", "muy", "ni", "no",
    "nos", "nosotros", "o", "otra", "otro", "otros", "para", "pero", "poco", "por", "porque", "que", "qué", "quien",
    "se", "sea", "ser", "si", "sí", "sin", "sobre", "son", "su", "sus", "también", "tan", "tanto", "te", "tiene",
    "tienen", "todo", "todos", "tu", "un", "una", "uno", "unos", "y", "ya", "yo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_told_by_its_stop_words() {
        assert_eq!(Language::of("The price is what the vendors agreed on."), Language::English);
        assert_eq!(Language::of("Der Preis ist das, was die Anbieter nicht nennen."), Language::German);
        assert_eq!(Language::of("Le prix est ce que les vendeurs ne disent pas."), Language::French);
        assert_eq!(Language::of("El precio es lo que los vendedores no dicen."), Language::Spanish);
        assert_eq!(Language::of("価格は高い。"), Language::Other);
    }
}
