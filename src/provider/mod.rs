//! Providers: the protocols of model servers, and the embedded offline one.
