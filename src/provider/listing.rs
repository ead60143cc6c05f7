//! The models that a provider lists, with what its server tells about them.

use serde_json::Value;

use crate::engine::model::ModelFacts;

/// The most models that are taken from one list.
const MOST: usize = 2000;

/// The longest id that is believed to be one, in bytes.
const LONGEST_ID: usize = 200;

/// A model that a provider lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The model's id as the provider knows it.
    pub id: String,
    /// What is known of it.
    pub facts: ModelFacts,
}

/// Reads an answer to `GET /models`; `None` if it isn't one.
pub(super) fn read(value: &Value) -> Option<Vec<Listed>> {
    let models = value.get("data").or_else(|| value.get("models")).unwrap_or(value).as_array()?;
    Some(models.iter().filter(|model| !is_embedding(model)).filter_map(listed).take(MOST).collect())
}

fn listed(model: &Value) -> Option<Listed> {
    let id = model.get("id").or_else(|| model.get("name"))?.as_str()?;
    // Gemini lists `models/gemini-…` and is asked for `gemini-…`.
    let id = id.strip_prefix("models/").unwrap_or(id);
    let is_plain =
        !id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(|c| !c.is_control() && !c.is_whitespace());
    is_plain.then(|| Listed { id: id.to_owned(), facts: facts(model) })
}

/// Whether it can't converse, as far as its server says.
fn is_embedding(model: &Value) -> bool {
    let is_called_so = model.get("type").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("embedding"));
    // Gemini's word for what a model can do.
    let methods = model.get("supportedGenerationMethods").and_then(Value::as_array);
    is_called_so || methods.is_some_and(|methods| !methods.iter().any(|method| method == "generateContent"))
}

/// Where servers tell the window: what is in force before what would be possible.
const WINDOWS: [&str; 10] = [
    "/meta/n_ctx",
    "/max_model_len",
    "/loaded_context_length",
    "/context_window",
    "/top_provider/context_length",
    "/context_length",
    "/max_context_length",
    "/max_input_tokens",
    "/inputTokenLimit",
    "/meta/n_ctx_train",
];

const OUTPUTS: [&str; 3] = ["/top_provider/max_completion_tokens", "/max_completion_tokens", "/outputTokenLimit"];

fn facts(model: &Value) -> ModelFacts {
    let count = |paths: &[&str]| paths.iter().find_map(|path| tokens(model.pointer(path)?));
    ModelFacts {
        window: count(&WINDOWS),
        output: count(&OUTPUTS),
        usd_in: model.pointer("/pricing/prompt").and_then(per_million),
        usd_out: model.pointer("/pricing/completion").and_then(per_million),
        usd_cached: model.pointer("/pricing/input_cache_read").and_then(per_million),
        usd_cache_write: model.pointer("/pricing/input_cache_write").and_then(per_million),
        long: None,
        per_estimated: None,
    }
}

/// A number of tokens; servers say 0 where they don't know.
pub(super) fn tokens(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0)
}

/// A price per token in dollars as one per million; a negative one means that it varies.
fn per_million(value: &Value) -> Option<f64> {
    let price: f64 = value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_f64())?;
    // Rounded to a hundredth of a cent, so that 0.00000125 doesn't become 1.2499999999999998.
    (price.is_finite() && price >= 0.0).then(|| (price * 1e10).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(model: &Value) -> ModelFacts {
        read(&json!({ "data": [model] })).unwrap().remove(0).facts
    }

    #[test]
    fn every_server_tells_the_window_in_its_own_words() {
        for (model, window) in [
            (json!({"id": "a", "meta": {"n_ctx": 1024, "n_ctx_train": 8192}}), Some(1024)),
            (json!({"id": "a", "meta": {"n_ctx_train": 8192}}), Some(8192)),
            (json!({"id": "a", "max_model_len": 4096}), Some(4096)),
            (json!({"id": "a", "max_context_length": 131_072, "loaded_context_length": 4096}), Some(4096)),
            (json!({"id": "a", "context_window": 131_072}), Some(131_072)),
            (json!({"id": "a", "context_length": 10, "top_provider": {"context_length": 9}}), Some(9)),
            (json!({"id": "a", "context_length": 10, "top_provider": {"context_length": null}}), Some(10)),
            (json!({"id": "a", "context_length": 0}), None),
            (json!({"id": "a"}), None),
        ] {
            assert_eq!(one(&model).window, window, "{model}");
        }
    }

    #[test]
    fn prices_are_per_million() {
        let facts = one(&json!({"id": "a", "pricing": {"prompt": "0.00000125", "completion": "0.00001"}}));
        assert_eq!((facts.usd_in, facts.usd_out), (Some(1.25), Some(10.0)));
        let varying = one(&json!({"id": "a", "pricing": {"prompt": "-1", "completion": "x"}}));
        assert_eq!((varying.usd_in, varying.usd_out), (None, None));
    }

    #[test]
    fn ids_are_plain_and_embeddings_left_out() {
        let list = json!({"data": [
            {"id": "models/gemini-2.5-pro"}, {"id": "a b"}, {"id": "a\u{1b}[2J"}, {"id": ""}, {"id": "x".repeat(300)},
            {"id": 7}, {}, 7, {"id": "e", "type": "embeddings"}, {"id": "meta/llama:free"},
        ]});
        let ids: Vec<String> = read(&list).unwrap().into_iter().map(|model| model.id).collect();
        assert_eq!(ids, ["gemini-2.5-pro", "meta/llama:free"]);
        assert_eq!(read(&json!([{"id": "bare"}])).unwrap().len(), 1);
        assert_eq!(read(&json!({"hello": 1})), None);
        assert_eq!(read(&json!(null)), None);
    }
}
