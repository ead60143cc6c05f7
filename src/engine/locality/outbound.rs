//! What may leave: a request that the leak check has seen. Providers take nothing else.

use std::sync::Arc;

use crate::engine::prompt::Request;
use crate::engine::redaction::{Leak, LeakCheck};

/// A request whose every text was checked. Only [`Outbound::check`] makes one.
#[derive(Debug, Clone)]
pub struct Outbound {
    request: Request,
    check: Arc<LeakCheck>,
}

/// A value of a vault in what was about to leave. Nothing has left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Not sent: the value of {} stands in {place}. Mask it there, or send without it.", leak.pseudonym)]
pub struct Leaked {
    /// Which text it stands in, in words.
    pub place: String,
    /// Where in that text, and under which pseudonym it should stand.
    pub leak: Leak,
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

    /// The request that may leave.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// The last look at the bytes a provider made of the request, headers and JSON keys included.
    pub fn confirm(&self, bytes: &[u8]) -> Result<(), Leaked> {
        match self.check.first_leak(bytes) {
            Some(leak) => Err(Leaked { place: "the final bytes".to_owned(), leak }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::message::Author;
    use crate::engine::model::ModelRef;
    use crate::engine::prompt::{Limits, Said};
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
            "Not sent: the value of [CLIENT_1] stands in message 1 of the request. Mask it there, or send without it."
        );
        let outbound = Outbound::check(request(masked.text()), check).unwrap();
        assert!(outbound.confirm(b"{\"q\":\"for [CLIENT_1]\"}").is_ok());
        assert!(outbound.confirm(b"{\"q\":\"for Halvorsen%20AS\"}").is_err());
    }
}
