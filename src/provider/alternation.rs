//! What was said as turns that alternate and begin with the person: some protocols take nothing else.

use crate::engine::message::Author;
use crate::engine::prompt::{Request, Said};

/// What stands in for a person where a conversation begins with the model, as one that continues another may.
const BEGINNING: &str = "(Go on from here.)";

/// What was said: consecutive messages of one author as one, and the person first.
pub(super) fn alternating(request: &Request) -> Vec<Said> {
    let mut turns: Vec<Said> = Vec::with_capacity(request.said.len() + 1);
    for said in &request.said {
        match turns.last_mut() {
            Some(last) if last.by == said.by => last.text = format!("{}\n\n{}", last.text, said.text).into(),
            Some(_) => turns.push(said.clone()),
            None => {
                if said.by == Author::Model {
                    turns.push(Said { by: Author::Person, text: BEGINNING.into() });
                }
                turns.push(said.clone());
            }
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use crate::engine::model::ModelRef;
    use crate::engine::prompt::Limits;

    use super::*;

    #[test]
    fn neighbours_are_merged_and_the_person_begins() {
        let (person, model) = (Author::Person, Author::Model);
        let turns = |said: &[(Author, &str)]| {
            let said = said.iter().map(|&(by, text)| Said { by, text: text.into() }).collect();
            let request = Request {
                model: ModelRef::offline(),
                pane: String::new(),
                system: "".into(),
                said,
                max_output: None,
                limits: Limits::default(),
            };
            alternating(&request).iter().map(|said| (said.by, said.text.to_string())).collect::<Vec<_>>()
        };
        let is = |said: &[(Author, &str)]| said.iter().map(|&(by, text)| (by, text.to_owned())).collect::<Vec<_>>();
        assert_eq!(
            turns(&[(person, "a"), (person, "b"), (model, "c"), (model, "d"), (person, "e")]),
            is(&[(person, "a\n\nb"), (model, "c\n\nd"), (person, "e")])
        );
        assert_eq!(turns(&[(model, "c"), (person, "e")]), is(&[(person, BEGINNING), (model, "c"), (person, "e")]));
        assert_eq!(turns(&[]), []);
    }
}
