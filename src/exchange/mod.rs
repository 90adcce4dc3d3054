//! The chamber: one request and its answer. [`Chamber::new`] is the product on one page, a tower stack in the order a message meets it.
//!
//! Each layer is a file beside this one and an async function `(room, what came in, next)`. What a layer knows it hands on in a type of its
//! own, so that no layer can ask for what has not been found out yet:
//!
//! [`Arrival`] -> [`Identified`] -> [`Classified`] -> [`Admitted`] -> [`Read`] -> [`Detected`] -> [`Decided`] -> [`Enforced`] -> an answer.

pub mod body;
mod classify;
mod consent;
mod decide;
mod detect;
mod enforce;
mod forward;
mod identify;
pub mod internal;
mod limit;
mod observe;
mod origins;
mod read;
mod record;
mod refuse;

use crate::catalogue::{Catalogue, ToolRef};
use crate::detect::Finding;
use crate::identity::{Identifier, Peer, Subject};
use crate::policy::live::Live;
use crate::policy::{Policy, Verdict};
use crate::record::metrics::Metrics;
use crate::record::{Event, Recorder};
use crate::redact::{Placeholders, Vault};
use crate::settings::Limits;
use crate::tls::upstream::Upstream;
use crate::wire::{Message, Shape};
use body::{Answer, Body};
use bytes::Bytes;
use http::Request;
use http::request::Parts;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;
use tower::layer::layer_fn;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceBuilder, service_fn};

pub use consent::Consents;
pub use limit::Budget;
pub use origins::Origins;

/// Plain or encrypted between client and origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// What all requests of one intercepted connection share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Lower case, without port.
    pub host: String,
    pub port: u16,
    pub scheme: Scheme,
    pub peer: Arc<Peer>,
    /// Redirected by the network: the client does not know that there is a proxy.
    pub transparent: bool,
}

/// A request as it came in.
pub struct Arrival {
    pub request: Request<Body>,
    pub connection: Arc<Connection>,
    pub since: Instant,
}

impl Arrival {
    pub fn new(request: Request<Body>, connection: Arc<Connection>) -> Self {
        Self { request, connection, since: Instant::now() }
    }
}

/// ... and who sent it.
pub struct Identified {
    pub arrival: Arrival,
    pub subject: Arc<Subject>,
}

/// ... and which tool it is for, under which policy it will be judged.
pub struct Classified {
    pub arrival: Arrival,
    pub subject: Arc<Subject>,
    pub tool: ToolRef,
    pub shape: Shape,
    pub policy: Arc<Policy>,
    pub navigation: bool,
    /// The request carries words: a decision about its content is due.
    pub words: bool,
}

/// ... and the memory that its body may take.
pub struct Admitted {
    pub classified: Classified,
    pub lease: limit::Lease,
}

/// What became of the body.
pub enum Payload {
    /// Passed on as it comes: nothing in it is to be read.
    Stream(Body),
    /// As received, and, where it was compressed, its plain form.
    Whole { raw: Bytes, plain: Option<Bytes> },
    /// Larger than what is read: its beginning, and the rest that has not been received yet.
    Over { beginning: Bytes, rest: Body },
    /// The client broke off: there is nothing that could be sent on.
    Broken { received: u64 },
}

/// A message, read.
pub struct Read {
    pub head: Parts,
    pub connection: Arc<Connection>,
    pub subject: Arc<Subject>,
    pub tool: ToolRef,
    pub shape: Shape,
    pub policy: Arc<Policy>,
    pub navigation: bool,
    /// There is a message to decide on. Until detection, a guess from the head; after it, what was found.
    pub words: bool,
    pub message: Message,
    pub payload: Payload,
    pub lease: limit::Lease,
    /// When the last byte of the request was there: what Sluis adds counts from here.
    pub ready: Instant,
}

/// ... and what is in it: the findings of each part, flattened, with the part of each.
pub struct Detected {
    pub read: Box<Read>,
    pub findings: Vec<Finding>,
    pub parts: Vec<usize>,
}

/// ... and what is to happen to it.
pub struct Decided {
    pub detected: Detected,
    pub verdict: Verdict,
    /// As it will be recorded, but for what enforcement may still change.
    pub event: Box<Event>,
    /// One per sender at a tool: keys placeholders and consents.
    pub who: String,
}

/// What is done with the request.
pub enum Way {
    /// The employee reads this instead.
    Refuse(Answer),
    Pass(Box<Outgoing>),
}

/// A request on its way to the origin.
pub struct Outgoing {
    pub request: Request<Body>,
    pub connection: Arc<Connection>,
    pub tool: ToolRef,
    pub shape: Shape,
    pub subject: Arc<Subject>,
    pub policy: Arc<Policy>,
    pub navigation: bool,
    /// Values to be put back in the answer.
    pub placeholders: Option<Arc<Placeholders>>,
    /// The answer's bytes and tokens are reported under this event; none where no decision was recorded.
    pub event: Option<String>,
    pub lease: Option<limit::Lease>,
}

/// ... ready to be recorded and sent.
pub struct Enforced {
    /// None where no decision was due (a picture, a script, a preflight).
    pub event: Option<Box<Event>>,
    pub way: Way,
    pub ready: Instant,
    /// For the refusal, should the record refuse.
    pub tongue: refuse::Tongue,
}

/// What the layers share; one per process.
pub struct Room {
    pub catalogue: Arc<Catalogue>,
    pub policy: Arc<Live>,
    pub identifier: Arc<Identifier>,
    pub recorder: Arc<Recorder>,
    pub metrics: Arc<Metrics>,
    pub vault: Arc<Vault>,
    pub consents: Arc<Consents>,
    pub limits: Limits,
    pub budget: Budget,
    pub origins: Arc<Origins>,
    pub node: String,
}

/// A service that a layer hands on to. Nothing in the chamber fails: what goes wrong becomes an answer.
pub trait Next<T>: Service<T, Response = Answer, Error = Infallible, Future: Send> + Clone + Send {}
impl<T, S> Next<T> for S where S: Service<T, Response = Answer, Error = Infallible, Future: Send> + Clone + Send {}

/// Hands `what` to the next layer.
async fn pass<T, N: Next<T>>(mut next: N, what: T) -> Answer {
    // Every layer here is always ready. Each layer's future is boxed: nested in one another they would be copied whole at every step.
    match Box::pin(next.call(what)).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// A layer made of an async function `(room, what came in, next) -> answer`.
macro_rules! through {
    ($room:expr, $layer:path) => {{
        let room: Arc<Room> = $room.clone();
        layer_fn(move |next| {
            let room = room.clone();
            service_fn(move |what| {
                let (room, next) = (room.clone(), Clone::clone(&next));
                async move { Ok::<Answer, Infallible>($layer(room, what, next).await) }
            })
        })
    }};
}

/// The stack, ready to be called from any connection.
#[derive(Clone)]
pub struct Chamber {
    stack: BoxCloneSyncService<Arrival, Answer, Infallible>,
    room: Arc<Room>,
}

impl Chamber {
    pub fn new(room: Arc<Room>) -> Self {
        let stack = ServiceBuilder::new()
            .layer(through!(room, identify::layer)) // who: groups decide which tools are theirs
            .layer(through!(room, classify::layer)) // which tool; what is none passes unread from here
            .layer(through!(room, limit::layer)) //    memory for the body, before a byte of it is read
            .layer(through!(room, read::layer)) //     the words; what cannot be read says so
            .layer(through!(room, detect::layer)) //   what is in the words
            .layer(through!(room, decide::layer)) //   the verdict, by a pure function
            .layer(through!(room, enforce::layer)) //  cleaned, turned back, or left as it is
            .layer(through!(room, record::layer)) //   written down before anything leaves; what cannot be recorded does not pass
            .service(service_fn({
                let room = room.clone();
                move |enforced: Enforced| {
                    let room = room.clone();
                    async move { Ok::<Answer, Infallible>(forward::forward(room, enforced).await) }
                }
            }));
        Self { stack: BoxCloneSyncService::new(stack), room }
    }

    /// One request through the chamber.
    pub async fn answer(&self, arrival: Arrival) -> Answer {
        pass(self.stack.clone(), arrival).await
    }

    /// One request that is carried unread: its host is excepted.
    pub async fn unread(&self, arrival: Arrival) -> Answer {
        forward::unread(self.room.clone(), arrival).await
    }

    /// The origins' side: what they speak, connections kept to them.
    pub fn origins(&self) -> &Origins {
        &self.room.origins
    }
}

/// Connects the origins' side to `upstream`.
pub fn origins(upstream: Arc<Upstream>, metrics: Arc<Metrics>) -> Arc<Origins> {
    Arc::new(Origins::new(upstream, metrics))
}
