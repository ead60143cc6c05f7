//! Keys: where a provider's key comes from, read at its first use and bound to one endpoint.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::config::provider::KeySource;
use crate::engine::failure::{Failure, FailureKind};

/// How long a key command may take: some ask for a fingerprint.
const PATIENCE: Duration = Duration::from_mins(1);

/// More than this is no key.
const LONGEST: usize = 16_384;

/// A key in memory. It prints as `[REDACTED]`.
pub(super) type Key = Arc<SecretString>;

/// The key of one provider.
#[derive(Debug)]
pub(super) struct Keys {
    provider: String,
    source: Option<KeySource>,
    read: Mutex<Option<Key>>,
}

impl Keys {
    /// The key of this provider, from this source. Nothing is read yet.
    pub(super) fn new(provider: &str, source: Option<KeySource>) -> Self {
        Self { provider: provider.to_owned(), source, read: Mutex::new(None) }
    }

    /// The key, read if it has not been; `None` for a server that asks for none.
    pub(super) async fn key(&self) -> Result<Option<Key>, Failure> {
        let Some(source) = &self.source else { return Ok(None) };
        // Held while a command runs, so that panes that start together ask for one fingerprint, not three.
        let mut read = self.read.lock().await;
        if let Some(key) = &*read {
            return Ok(Some(Arc::clone(key)));
        }
        let text = match source {
            KeySource::Env(name) => self.read_environment(name)?,
            KeySource::Command(command) => self.run_command(command, PATIENCE).await?,
        };
        let key: Key = Arc::new(self.checked(&text)?);
        *read = Some(Arc::clone(&key));
        Ok(Some(key))
    }

    /// Forgets a key that was refused, so that the next use reads it anew.
    pub(super) async fn forget(&self) {
        *self.read.lock().await = None;
    }

    /// What to do about a key that was refused.
    pub(super) fn advice(&self) -> String {
        match &self.source {
            Some(KeySource::Env(name)) => format!("Check the environment variable {name}."),
            Some(KeySource::Command(_)) => format!("Check what the key command of {} prints.", self.provider),
            None => format!("Name its key in config.yaml: providers: {}: key: {{env: …}}.", self.provider),
        }
    }

    fn read_environment(&self, name: &str) -> Result<String, Failure> {
        match std::env::var(name) {
            Ok(text) if !text.trim().is_empty() => Ok(text),
            _ => Err(self.misses(&format!("{name} is not set. Set it with: export {name}=…"))),
        }
    }

    async fn run_command(&self, command: &str, patience: Duration) -> Result<String, Failure> {
        let mut child = shell(command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Its complaints would land in the middle of the screen, and may quote the key.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| self.misses(&format!("its key command can't be started: {error}.")))?;
        let Some(stdout) = child.stdout.take() else {
            return Err(self.misses("its key command can't be read."));
        };
        let mut printed = Vec::new();
        let run = async {
            stdout.take(LONGEST as u64).read_to_end(&mut printed).await?;
            child.wait().await
        };
        match timeout(patience, run).await {
            Ok(Ok(status)) if status.success() => {}
            Ok(Ok(status)) => {
                return Err(self.misses(&format!("its key command failed ({status}). Run it in a shell to see why.")));
            }
            Ok(Err(error)) => return Err(self.misses(&format!("its key command can't be read: {error}."))),
            Err(_) => {
                let seconds = patience.as_secs();
                return Err(self.misses(&format!("its key command printed nothing within {seconds} s.")));
            }
        }
        let printed = String::from_utf8_lossy(&printed);
        match printed.lines().next().map(str::trim) {
            Some(line) if !line.is_empty() => Ok(line.to_owned()),
            _ => Err(self.misses("the first line that its key command prints is empty.")),
        }
    }

    /// Keys travel in a header: what can't stand there is refused here, without being repeated.
    fn checked(&self, text: &str) -> Result<SecretString, Failure> {
        let text = text.trim();
        if text.len() < LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(SecretString::from(text))
        } else {
            Err(self.misses("what was read as its key is none: it has spaces or unusual characters, or is too long."))
        }
    }

    fn misses(&self, why: &str) -> Failure {
        Failure::new(FailureKind::Misconfigured, format!("{} has no key: {why}", self.provider))
    }
}

/// The value of a header that carries the key after a scheme. Logs show it as "Sensitive".
pub(super) fn header(scheme: &str, key: &Key) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme}{}", key.expose_secret())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn command(text: &str) -> Keys {
        Keys::new("openai", Some(KeySource::Command(text.to_owned())))
    }

    #[tokio::test]
    async fn a_command_gives_its_first_line_and_runs_once() {
        let runs = tempfile::NamedTempFile::new().unwrap();
        let keys = command(&format!("echo ran >> {}; echo ' k3y '; echo rest", runs.path().display()));
        for _ in 0..2 {
            assert_eq!(keys.key().await.unwrap().unwrap().expose_secret(), "k3y");
        }
        assert_eq!(std::fs::read_to_string(runs.path()).unwrap(), "ran\n");
        keys.forget().await;
        keys.key().await.unwrap();
        assert_eq!(std::fs::read_to_string(runs.path()).unwrap(), "ran\nran\n");
    }

    #[tokio::test]
    async fn a_command_that_gives_no_key_is_told_apart() {
        for (text, why) in [
            ("exit 3", "failed (exit status: 3)"),
            ("true", "is empty"),
            ("echo; echo k3y", "is empty"),
            ("printf 'k\\0333y\\n'", "unusual characters"),
            ("yes k3y | tr -d '\\n' | head -c 16384", "too long"),
        ] {
            let failure = command(text).key().await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Misconfigured);
            assert!(failure.message.contains(why), "{text}: {failure}");
            assert!(!failure.message.contains("k3y"), "{text}: {failure}");
        }
    }

    #[tokio::test]
    async fn a_command_that_hangs_is_given_up() {
        let keys = command("");
        let failure = keys.run_command("exec sleep 600", Duration::from_millis(20)).await.unwrap_err();
        assert!(failure.message.contains("printed nothing"), "{failure}");
    }

    #[tokio::test]
    async fn a_variable_that_is_missing_is_named() {
        let keys = Keys::new("openai", Some(KeySource::Env("TRIALOGUE_TEST_NO_SUCH_KEY".to_owned())));
        let failure = keys.key().await.unwrap_err();
        assert!(failure.message.contains("export TRIALOGUE_TEST_NO_SUCH_KEY=…"), "{failure}");
        assert!(Keys::new("llama", None).key().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_key_never_prints() {
        let keys = command("printf 'k%sy' 3");
        let key = keys.key().await.unwrap().unwrap();
        assert_eq!(key.expose_secret(), "k3y");
        assert!(!format!("{key:?} {keys:?} {:?}", header("Bearer ", &key)).contains("k3y"));
    }
}
