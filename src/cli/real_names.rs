//! Text with real names, on somebody's word: the engine writes down that it was shown, then puts the names back.

use std::collections::BTreeMap;

use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::Message;
use crate::engine::op::{Op, Reply, Revealed};

use super::block_on;
use super::desk::{Chosen, Desk};
use super::exit::Exit;
use super::line::{Line, unexpected};
use super::out::notice;

/// This message, with the names that its conversation knows under pseudonyms.
pub(super) fn of_message(desk: &Desk, chosen: &Chosen, message: Message) -> anyhow::Result<Message> {
    let asked = Asked { conversation: message.conversation, messages: vec![message.id], how: Revealed::Printed };
    let mut named = ask(desk, chosen, vec![asked])?;
    Ok(named.remove(&message.id).unwrap_or(message))
}

/// Every message of these conversations, with the names that each knows under pseudonyms.
pub(super) fn of_conversations(
    desk: &Desk,
    chosen: &Chosen,
    conversations: &[ConversationId],
) -> anyhow::Result<BTreeMap<MessageId, Message>> {
    let whole = |id: &ConversationId| Asked { conversation: *id, messages: Vec::new(), how: Revealed::Exported };
    ask(desk, chosen, conversations.iter().map(whole).collect())
}

struct Asked {
    conversation: ConversationId,
    messages: Vec<MessageId>,
    how: Revealed,
}

fn ask(desk: &Desk, chosen: &Chosen, asked: Vec<Asked>) -> anyhow::Result<BTreeMap<MessageId, Message>> {
    let mut named = BTreeMap::new();
    let mut holding = 0;
    block_on(async {
        let mut line = Line::open(desk, chosen).await?;
        let mut failed = None;
        for Asked { conversation, messages, how } in asked {
            match line.ask(Op::RealNames { conversation, messages, how }, |_| {}).await {
                Ok(Reply::Restored { messages, count }) => {
                    holding += count;
                    named.extend(messages.into_iter().map(|message| (message.id, message)));
                }
                Ok(other) => failed = Some(unexpected(&other)),
                Err(error) => failed = Some(error),
            }
        }
        line.close().await;
        failed.map_or(Ok(Exit::Done), Err)
    })?;
    notice(&match holding {
        0 => "No pseudonym stands there: it is as it would be without --real-names.".to_owned(),
        1 => "1 message holds real names. That it was shown is in the journal.".to_owned(),
        count => format!("{count} messages hold real names. That they were shown is in the journal."),
    });
    Ok(named)
}
