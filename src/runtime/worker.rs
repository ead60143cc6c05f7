//! Heavy pure work, on a thread of its own.

/// Does the work beside everything else; `None` if it broke off.
pub(super) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
