//! What Ollama tells of one model.

use serde_json::Value;

use crate::engine::failure::Failure;
use crate::engine::model::ModelFacts;

use super::super::errors::Teller;
use super::super::listing;
use super::super::reader::text_in;

/// A model as its server shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The most tokens that the model was made for.
    pub(super) longest: Option<u32>,
    /// The tokens that whoever made it ready here gave it.
    pub(super) set: Option<u32>,
    /// Where it really runs, if the server only passes requests on.
    pub(super) remote: Option<String>,
}

impl Shown {
    /// Reads an answer to `/api/show`.
    pub(super) fn read(value: &Value, teller: &Teller) -> Result<Self, Failure> {
        let Some(object) = value.as_object() else { return Err(teller.foreign("something else than a model")) };
        let facts = object.get("model_info").and_then(Value::as_object).into_iter().flatten();
        let mut lengths = facts.filter(|(name, _)| name.ends_with(".context_length"));
        let host = text_in(value, "remote_host").map(|host| teller.clean(host));
        Ok(Self {
            longest: lengths.find_map(|(_, length)| listing::tokens(length)),
            set: text_in(value, "parameters").and_then(num_ctx),
            remote: host.or_else(|| text_in(value, "remote_model").map(|_| "another machine".to_owned())),
        })
    }

    /// What a person is told: the room that was set, or else the most there can be.
    pub(super) fn facts(&self) -> ModelFacts {
        ModelFacts { window: self.set.or(self.longest), ..ModelFacts::default() }
    }
}

/// `num_ctx` among the parameters, which come as lines of words.
fn num_ctx(parameters: &str) -> Option<u32> {
    let mut lines = parameters.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.find_map(|words| match *words {
        ["num_ctx", count] => count.parse().ok().filter(|count| *count > 0),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::errors::tests::teller;
    use super::*;

    fn read(value: &Value) -> Shown {
        Shown::read(value, &teller()).unwrap()
    }

    #[test]
    fn a_window_is_read_from_the_model_and_from_its_parameters() {
        let info = json!({"model_info": {"general.architecture": "llama", "llama.context_length": 131_072}});
        assert_eq!(read(&info), Shown { longest: Some(131_072), ..Shown::default() });
        let set = json!({
            "parameters": "stop    \"<|x|>\"\nnum_ctx                        16384\ntemperature 0.7",
            "model_info": {"llama.context_length": 131_072, "llama.embedding_length": 4096},
        });
        assert_eq!(read(&set), Shown { longest: Some(131_072), set: Some(16_384), remote: None });
        assert_eq!(read(&set).facts().window, Some(16_384));
        assert_eq!(read(&json!({"parameters": "num_ctx many"})), Shown::default());
        assert!(Shown::read(&json!([]), &teller()).is_err());
    }

    #[test]
    fn a_model_that_runs_elsewhere_says_so() {
        let cloud = json!({"remote_model": "gpt-oss:120b", "remote_host": "https://ollama.com:443"});
        assert_eq!(read(&cloud).remote.unwrap(), "https://ollama.com:443");
        assert_eq!(read(&json!({"remote_model": "gpt-oss:120b"})).remote.unwrap(), "another machine");
        assert_eq!(read(&json!({"remote_model": "", "remote_host": ""})).remote, None);
    }
}
