//! Trialogue: a terminal workbench for people who think with several AI conversations at once.
//!
//! Research, drafting and synthesis run side by side in panes, each its own conversation with its own model; everything
//! is on disk as it happens, so that a workspace survives `kill -9` and resumes as it was.
//!
//! # The picture
//!
//! ```text
//!                      keys, mouse, paste, resize
//!                                │
//!                      ┌─────────▼─────────┐   Op    ┌──────────────────────┐  Effect  ┌───────────┐
//!    terminal ◄─ draw ─│ tui: app + ui     │────────►│ engine (pure)        │─────────►│ runtime   │─► provider
//!                      │ folds Events,     │◄────────│ decide(Input, &Env)  │◄─────────│ spawns,   │─► store
//!                      │ pages of history  │ Event,  │  -> Events + Effects │  Input   │ cancels   │─► socket
//!                      └───────────────────┘ Delta   └──────────────────────┘          └───────────┘
//! ```
//!
//! The command line is a second driver of the same runtime. While a screen holds a workspace, commands reach it through
//! a socket in the workspace's folder, with the same [`Op`](engine::op::Op)s and replies.
//!
//! # Words
//!
//! A **workspace** is a folder with `workspace.yaml` (what a person writes) and `journal.db` (what happened). A **pane**
//! is a place on the screen that shows one **conversation**: role, model, locality, transcript, pins. A **turn** is one
//! request and its streamed answer; a **message** is made of **parts**; a **delta** is a streamed piece. Someone asks an
//! **op**; the engine is told an **input**, journals **events** and asks for **effects**. An **action** is what a key
//! means; an **outcome** is what a dialog returns. The engine `decide`s and `apply`s, the app `update`s, the ui `draw`s.
//! "Frame" means the screen only.
//!
//! # Architecture invariants
//!
//! - [`engine`] is pure: no tokio, files, sockets, clock, randomness or screen. It holds an index, never bodies.
//! - A fact is on disk before anything follows from it: a message is committed before its request is sent.
//! - [`runtime`] alone spawns. A result carries its turn and try; a late one changes nothing.
//! - Streamed text is never dropped: unread pieces become one piece, and endings always arrive.
//! - The screen is a client like any other. It folds events and asks for pages; nothing reaches into the engine.
//! - Address by origin, never by focus: an answer goes where it was asked.
//! - `draw` only reads. Frames are drawn on request, and none when nothing changed.
//! - Text is kept as received and sanitised at every sink; only [`tui`] touches the terminal, only its theme names
//!   colours, only [`store`], [`config`] and [`files`] touch files, only [`provider`] and the socket touch the network.
//!
//! # Where things live, and what may import what
//!
//! `tui → engine types, config` · `runtime → engine, provider, store, config, files` ·
//! `provider, store → engine types` · `engine → nothing of ours`. A test (`tests/it/tidy.rs`) holds the walls.

pub mod cli;
pub mod config;
pub mod engine;
pub mod files;
pub mod provider;
pub mod runtime;
pub mod store;
pub mod tui;
