//! Two processes' worth of conversation, in one.

use std::path::Path;
use std::sync::Arc;

use crate::engine::event::Event;
use crate::engine::id::Ids;
use crate::engine::op::{Op, Reply};
use crate::engine::update::Update;
use crate::runtime::clock::SystemClock;
use crate::runtime::connection::Incoming;
use crate::runtime::echo::{self, Echo};
use crate::runtime::simulation::disk::{Disk, hold};
use crate::runtime::{Parts, Runtime, Workers};

use super::{LONGEST_PATH, connect, listen, path};

fn runtime() -> Runtime {
    Runtime::start(Parts {
        journal: hold(&Disk::default()),
        providers: Arc::new(Echo),
        clock: Arc::new(SystemClock),
        ids: Ids::seeded(1),
        workers: Workers::Inline,
        documents: None,
        settings: Some(echo::settings()),
    })
}

#[tokio::test]
async fn another_process_asks_and_sees_what_everyone_sees() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let door = listen(folder.path(), runtime.connector()).unwrap();
    let watching = runtime.connect();
    let mut caller = connect(folder.path()).await.unwrap();

    let Some(Reply::Overview(overview)) = caller.ask(Op::Overview, |_| {}).await else { panic!("no overview") };
    let conversation = overview.panes[0].conversation;
    let text = "grüß dich\n\u{1F600} \"quoted\"".to_owned();
    let send = Op::Send { conversation, text: text.clone(), attachments: Vec::new(), parent: None };
    let reply = caller.ask(send, |_| {}).await;
    assert!(matches!(reply, Some(Reply::Accepted { .. })), "{reply:?}");

    for connection in [&caller, &watching] {
        let mut streamed = String::new();
        let answer = loop {
            match connection.next().await {
                Incoming::Update(Update::Delta(delta)) => streamed.push_str(&delta.text),
                Incoming::Update(Update::Event { fact, .. }) => {
                    if let Event::TurnEnded { message, .. } = &*fact {
                        break message.text();
                    }
                }
                Incoming::Closed => panic!("closed"),
                Incoming::Reply(..) | Incoming::Update(Update::Notice { .. }) => {}
            }
        };
        assert_eq!(answer, format!("you said {text}"));
        assert_eq!(streamed, answer);
    }

    runtime.shut_down().await;
    loop {
        if caller.next().await == Incoming::Closed {
            break;
        }
    }
    drop(door);
    assert!(!path(folder.path()).exists(), "nothing is left behind");
}

#[tokio::test]
async fn a_socket_left_behind_is_replaced_and_only_its_owner_may_use_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(path(folder.path()), "left behind").unwrap();
    assert!(connect(folder.path()).await.is_err());
    let runtime = runtime();
    let _door = listen(folder.path(), runtime.connector()).unwrap();
    let mode = std::fs::metadata(path(folder.path())).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut caller = connect(folder.path()).await.unwrap();
    assert!(matches!(caller.ask(Op::Overview, |_| {}).await, Some(Reply::Overview(_))));
}

#[tokio::test]
async fn somebody_who_speaks_another_protocol_is_hung_up_on() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let _door = listen(folder.path(), runtime.connector()).unwrap();
    for words in ["GET / HTTP/1.1\r\n\r\n", "{\"line\":\"hello\",\"protocol\":99}\n", "\u{0}\u{1}\n", "{}\n"] {
        let mut stream = tokio::net::UnixStream::connect(path(folder.path())).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        let mut heard = String::new();
        stream.read_to_string(&mut heard).await.unwrap();
        assert!(heard.starts_with("{\"line\":\"hello\""), "{heard}");
        assert_eq!(heard.lines().count(), 1, "{heard}");
    }
}

#[test]
fn a_long_folder_has_a_short_socket() {
    let deep = Path::new("/").join("a".repeat(200));
    let short = path(&deep);
    assert!(short.as_os_str().len() <= LONGEST_PATH, "{}", short.display());
    assert_ne!(short, path(&deep.join("b")));
}
