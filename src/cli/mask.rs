//! `trialogue mask`: stdin to stdout, pseudonymised.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::config::dictionary::{self, DictionaryError};
use crate::engine::redaction::{Detector, Kind, LeakCheck, Masked, Policy, Vault, mask};
use crate::files::vault::{VaultFile, VaultFileError};

use super::exit::Exit;

/// What `mask` is told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct MaskArgs {
    /// Names, aliases, words to keep and patterns of your own, in YAML.
    #[arg(long, value_name = "FILE")]
    pub dictionary: Option<PathBuf>,
    /// Replace unknown names and numbers too, unasked.
    #[arg(long)]
    pub strict: bool,
    /// Keep the pseudonyms and what they stand for in this file, for `unmask` and the next `mask`.
    #[arg(long, value_name = "FILE")]
    pub vault: Option<PathBuf>,
    /// Print one JSON object: the text and every finding, with offsets in Unicode scalar values.
    #[arg(long)]
    pub json: bool,
}

/// Why `mask` or `unmask` did not do it.
#[derive(Debug, thiserror::Error)]
pub enum MaskError {
    /// The dictionary could not be read.
    #[error("{0} could not be read: {1}.")]
    Unread(PathBuf, io::Error),
    /// The dictionary is wrong.
    #[error("{0}, {1}.")]
    Dictionary(PathBuf, DictionaryError),
    /// The vault is wrong.
    #[error(transparent)]
    Vault(#[from] VaultFileError),
    /// The input isn't text.
    #[error("The input is not UTF-8 at byte {0}. Convert it first: masking must give back every byte.")]
    NotText(usize),
    /// A value would have stood in the output.
    #[error("Nothing was written: the value of {0} would have stood in the output.")]
    Leak(String),
    /// Reading or writing failed.
    #[error("Reading or writing failed: {0}.")]
    Io(#[from] io::Error),
}

impl MaskError {
    /// The exit code for it: 2 for a wrong file, 4 for what was refused, 1 else.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Vault(VaultFileError::Io(..)) | Self::Io(_) => Exit::Failed,
            Self::Unread(..) | Self::Dictionary(..) | Self::NotText(_) | Self::Vault(_) => Exit::Wrong,
            Self::Leak(_) => Exit::Refused,
        }
    }
}

/// One finding, as `--json` prints it.
#[derive(Serialize)]
struct FindingLine<'a> {
    start: usize,
    end: usize,
    kind: &'a str,
    value: &'a str,
    pseudonym: &'a str,
    blocked: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Output<'a> {
    text: &'a str,
    findings: Vec<FindingLine<'a>>,
}

/// Masks stdin to stdout. All of the input is read before the first byte goes out: a name at its end may stand at its
/// beginning, so where the input is cut into pieces never matters. The vault is on disk before the first byte goes out, so that no output is without its way back.
pub fn run(
    args: &MaskArgs,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<(), MaskError> {
    let detector = detector(args)?;
    let source = text(stdin)?;
    let policy = Policy::EVERYTHING.strict(args.strict);
    let masked = match &args.vault {
        Some(path) => {
            let file = VaultFile::hold(path)?;
            let mut vault = file.load_or_new("mask")?;
            let masked = checked(&source, &detector, &mut vault, policy)?;
            file.save(&vault)?;
            masked
        }
        None => checked(&source, &detector, &mut Vault::new("mask"), policy)?,
    };
    let secrets = masked.replaced().iter().filter(|replaced| replaced.blocked).count();
    if secrets > 0 {
        let what = if secrets == 1 { "1 secret was".to_owned() } else { format!("{secrets} secrets were") };
        writeln!(stderr, "{what} replaced. A brief would have been refused.")?;
    }
    if args.json {
        serde_json::to_writer(&mut *stdout, &output(&source, &masked)).map_err(io::Error::from)?;
        stdout.write_all(b"\n")?;
    } else {
        stdout.write_all(masked.text().as_bytes())?;
    }
    Ok(stdout.flush()?)
}

fn detector(args: &MaskArgs) -> Result<Detector, MaskError> {
    let Some(path) = &args.dictionary else { return Ok(Detector::default()) };
    let text = fs::read_to_string(path).map_err(|error| MaskError::Unread(path.clone(), error))?;
    let (_, detector) = dictionary::parse(&text).map_err(|error| MaskError::Dictionary(path.clone(), error))?;
    Ok(detector)
}

fn text(stdin: &mut dyn Read) -> Result<String, MaskError> {
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| MaskError::NotText(error.utf8_error().valid_up_to()))
}

/// Masks and looks once more: fail closed.
fn checked(source: &str, detector: &Detector, vault: &mut Vault, policy: Policy) -> Result<Masked, MaskError> {
    let masked = mask(source, detector, vault, policy);
    match LeakCheck::new([&*vault]).leaks(masked.text()).into_iter().find(|leak| leak.kind != Kind::Literal) {
        Some(leak) => Err(MaskError::Leak(leak.pseudonym)),
        None => Ok(masked),
    }
}

fn output<'a>(source: &'a str, masked: &'a Masked) -> Output<'a> {
    let (mut byte, mut scalar) = (0, 0);
    let mut scalars = |to: usize| {
        scalar += source[byte..to].chars().count();
        byte = to;
        scalar
    };
    let findings = masked
        .replaced()
        .iter()
        .map(|replaced| FindingLine {
            start: scalars(replaced.span.start),
            end: scalars(replaced.span.end),
            kind: replaced.kind.word(),
            value: &source[replaced.span.clone()],
            pseudonym: &replaced.pseudonym,
            blocked: replaced.blocked,
        })
        .collect();
    Output { text: masked.text(), findings }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(args: &MaskArgs, input: &str) -> (String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        run(args, &mut input.as_bytes(), &mut out, &mut err).unwrap();
        (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn json_counts_in_scalar_values_and_marks_secrets() {
        let args = MaskArgs { json: true, ..MaskArgs::default() };
        let (out, err) = masked(&args, "né a@b.example ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R");
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(value["text"], "né [EMAIL_1] [SECRET_1]");
        assert_eq!((&value["findings"][0]["start"], &value["findings"][0]["end"]), (&3.into(), &14.into()));
        assert_eq!((&value["findings"][1]["kind"], &value["findings"][1]["blocked"]), (&"secret".into(), &true.into()));
        assert_eq!(err, "1 secret was replaced. A brief would have been refused.\n");
    }

    #[test]
    fn an_input_that_drips_is_masked_like_one_that_comes_at_once() {
        let input = "né jane@halvorsen.example, ４１１１ １１１１ １１１１ １１１１, DE89 3704 0044\n0532 0130 00, again: jane@halvorsen.example";
        let mut dripping = input
            .as_bytes()
            .iter()
            .map(std::slice::from_ref)
            .fold(Box::new(io::empty()) as Box<dyn Read>, |before, byte| Box::new(before.chain(byte)));
        let mut out = Vec::new();
        run(&MaskArgs::default(), &mut dripping, &mut out, &mut Vec::new()).unwrap();
        let wanted = "né [EMAIL_1], [CARD_1], [IBAN_1], again: [EMAIL_1]";
        assert_eq!(
            (String::from_utf8(out).unwrap(), masked(&MaskArgs::default(), input).0),
            (wanted.into(), wanted.into())
        );
    }

    #[test]
    fn what_mask_wrote_unmask_gives_back_over_several_runs() {
        let folder = tempfile::tempdir().unwrap();
        let vault = folder.path().join("v.json");
        let dictionary = folder.path().join("d.yaml");
        fs::write(&dictionary, "names:\n  - {name: Heron, kind: project}\n").unwrap();
        let args = MaskArgs { dictionary: Some(dictionary), vault: Some(vault.clone()), strict: true, json: false };
        for input in ["Heron and Kristíana, tel. +47 22 12 34 56\r\n", "[PROJECT_1] is Heron's [NAME_9]", ""] {
            let (out, _) = masked(&args, input);
            assert!(!out.contains("Heron"));
            let mut back = Vec::new();
            super::super::unmask::run(
                &super::super::unmask::UnmaskArgs { vault: vault.clone() },
                &mut out.as_bytes(),
                &mut back,
            )
            .unwrap();
            assert_eq!(String::from_utf8(back).unwrap(), input);
        }
    }

    #[test]
    fn wrong_files_and_input_are_named_with_their_exit_code() {
        let folder = tempfile::tempdir().unwrap();
        let dictionary = folder.path().join("d.yaml");
        fs::write(&dictionary, "names:\n  - {nmae: x}\n").unwrap();
        let args = MaskArgs { dictionary: Some(dictionary), ..MaskArgs::default() };
        let error = run(&args, &mut "x".as_bytes(), &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.exit(), Exit::Wrong);
        assert!(error.to_string().contains("line 2, column 6"), "{error}");
        let error = run(&MaskArgs::default(), &mut &b"ab\xff"[..], &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert!(matches!(error, MaskError::NotText(2)));
    }
}
