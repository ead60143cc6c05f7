//! What may leave: a request that the leak check has seen. Providers take nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::engine::failure::{Failure, FailureKind};
use crate::engine::prompt::{Request, Said};
use crate::engine::redaction::{Leak, LeakCheck};

/// A request whose every text was checked. Only [`Outbound::check`] makes one.
#[derive(Debug, Clone)]
pub struct Outbound {
    request: Request,
    check: Arc<LeakCheck>,
}

/// What leaves is the request; by which check it passed changes nothing of it.
impl PartialEq for Outbound {
    fn eq(&self, other: &Self) -> bool {
        self.request == other.request
    }
}

/// A value of a vault in what was about to leave. Nothing has left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Not sent: the value of {0} stands in {place}. Write {0} there, or begin anew with Ctrl-X n.", leak.pseudonym)]
pub struct Leaked {
    /// Which text it stands in, in words.
    pub place: String,
    /// Where in that text, and under which pseudonym it should stand.
    pub leak: Leak,
}

/// The turn fails, and no other provider is asked: what must not be sent must not be sent anywhere.
impl From<Leaked> for Failure {
    fn from(leaked: Leaked) -> Self {
        Self::new(FailureKind::Rejected, leaked.to_string())
    }
}

impl Outbound {
    /// Checks every text of a request. A hit stops the send.
    pub fn check(request: Request, check: Arc<LeakCheck>) -> Result<Self, Leaked> {
        let leaks = |text: &str, place: &dyn Fn() -> String| match check.leaks(text).into_iter().next() {
            Some(leak) => Err(Leaked { place: place(), leak }),
            None => Ok(()),
        };
        if !check.is_empty() {
            leaks(&request.system, &|| "the role, notes and pins".to_owned())?;
            leaks(&request.pane, &|| "the pane's name".to_owned())?;
            leaks(&request.model.to_string(), &|| "the model's name".to_owned())?;
            for (place, said) in request.said.iter().enumerate() {
                leaks(&said.text, &|| format!("message {} of the request", place + 1))?;
            }
        }
        Ok(Self { request, check })
    }

    /// Another request instead, by the same check.
    pub fn instead(&self, request: Request) -> Result<Self, Leaked> {
        Self::check(request, Arc::clone(&self.check))
    }

    /// The request that may leave.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// The request in a protocol's words, after a last look at the final bytes, JSON keys included.
    ///
    /// A client may be called like one of the protocol's own words. What the same words hold without any text of the
    /// request is no leak: it is there whoever is asked about whatever.
    pub fn body(&self, spell: impl Fn(&Request) -> Value) -> Result<Value, Leaked> {
        let body = spell(&self.request);
        if self.check.is_empty() {
            return Ok(body);
        }
        let mut excused: BTreeMap<String, usize> = BTreeMap::new();
        for leak in self.check.leaks(&spell(&blank(&self.request)).to_string()) {
            *excused.entry(leak.pseudonym).or_default() += 1;
        }
        for leak in self.check.leaks(&body.to_string()) {
            match excused.get_mut(&leak.pseudonym).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => return Err(Leaked { place: "the final bytes".to_owned(), leak }),
            }
        }
        Ok(body)
    }
}

/// The same request without its texts. A text is one letter, because some protocols leave out what is empty.
fn blank(request: &Request) -> Request {
    let said = |said: &Said| Said { by: said.by, text: "-".into() };
    Request {
        pane: String::new(),
        system: if request.system.trim().is_empty() { "".into() } else { "-".into() },
        said: request.said.iter().map(said).collect(),
        ..request.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::message::Author;
    use crate::engine::model::ModelRef;
    use crate::engine::prompt::Limits;
    use crate::engine::redaction::{Detector, Dictionary, Name, Policy, Vault, mask};

    fn request(text: &str) -> Request {
        let said = vec![Said { by: Author::Person, text: text.into() }];
        Request {
            model: ModelRef::offline(),
            pane: "research".to_owned(),
            system: "".into(),
            said,
            max_output: None,
            limits: Limits::default(),
        }
    }

    #[test]
    fn a_value_in_any_folding_stops_the_send_and_is_not_repeated() {
        let dictionary = Dictionary { names: vec![Name::new("Halvorsen AS", "client")], ..Dictionary::default() };
        let mut vault = Vault::new("r");
        let masked = mask("for Halvorsen AS", &Detector::new(&dictionary).unwrap(), &mut vault, Policy::BRIEF);
        let check = Arc::new(LeakCheck::new([&vault]));
        let leaked = Outbound::check(request("file HALVORSEN_AS.pdf"), Arc::clone(&check)).unwrap_err();
        assert_eq!(
            leaked.to_string(),
            "Not sent: the value of [CLIENT_1] stands in message 1 of the request. Write [CLIENT_1] there, or begin anew with \
             Ctrl-X n."
        );
        let outbound = Outbound::check(request(masked.text()), check).unwrap();
        let spelled = |extra: &str| {
            let extra = extra.to_owned();
            outbound.body(move |request| serde_json::json!({"q": &*request.said[0].text, "extra": extra}))
        };
        assert_eq!(spelled("").unwrap()["q"], "for [CLIENT_1]");
        let adds =
            outbound.body(|request| serde_json::json!({ "q": format!("{}, Halvorsen%20AS", request.said[0].text) }));
        assert!(adds.is_ok(), "what the words of the protocol hold by themselves is there for whatever is asked");
        let twice = outbound.body(|request| match &*request.said[0].text {
            "-" => serde_json::json!({}),
            _ => serde_json::json!({"file": "Halvorsen%20AS"}),
        });
        assert_eq!(twice.unwrap_err().place, "the final bytes");
    }

    #[test]
    fn a_client_that_is_called_like_a_word_of_the_protocol_keeps_nobody_silent() {
        let dictionary = Dictionary { names: vec![Name::new("Content", "client")], ..Dictionary::default() };
        let mut vault = Vault::new("r");
        let masked = mask("for Content", &Detector::new(&dictionary).unwrap(), &mut vault, Policy::BRIEF);
        let outbound = Outbound::check(request(masked.text()), Arc::new(LeakCheck::new([&vault]))).unwrap();
        let spell = |request: &Request| serde_json::json!([{"role": "user", "content": &*request.said[0].text}]);
        assert_eq!(outbound.body(spell).unwrap()[0]["content"], "for [CLIENT_1]");
    }
}
