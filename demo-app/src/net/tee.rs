//! The server's tee: every request and response of a router goes into the recorder, streams event by event.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, HttpBody},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{StatusCode, header::CONTENT_TYPE, request::Parts};
use http_body_util::{BodyExt as _, Limited};

use crate::recorder::{Direction, Observed, Party, Recorder, headers_of};

/// Largest body that a party of the demo takes.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// Records what one server hears and says.
#[derive(Clone)]
pub struct Tee {
    recorder: Recorder,
    me: Party,
    peer: Arc<dyn Fn(&Parts) -> Party + Send + Sync>,
}

impl Tee {
    /// A tee at `me`; `peer` tells from a request's head who sent it.
    pub fn new(
        recorder: Recorder,
        me: Party,
        peer: impl Fn(&Parts) -> Party + Send + Sync + 'static,
    ) -> Self {
        Self { recorder, me, peer: Arc::new(peer) }
    }

    pub(super) fn around(self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self, pass))
    }
}

async fn pass(State(tee): State<Tee>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let peer = (tee.peer)(&head);
    let path = head.uri.path_and_query().map_or_else(|| head.uri.path().to_owned(), ToString::to_string);
    let mut seen = Observed {
        from: peer,
        to: tee.me,
        tap: tee.me,
        exchange: tee.recorder.exchange(),
        direction: Direction::Request,
        what: format!("{} {path}", head.method),
        status: None,
        headers: headers_of(&head.headers),
        body: Bytes::new(),
    };
    let refused = match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => {
            seen.body = body.to_bytes();
            None
        }
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Some(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Some(StatusCode::BAD_REQUEST),
    };
    tee.recorder.record(seen.clone());
    let response = match refused {
        Some(status) => status.into_response(),
        None => next.run(Request::from_parts(head, Body::from(seen.body.clone()))).await,
    };
    (seen.from, seen.to, seen.direction) = (tee.me, peer, Direction::Response);
    record_response(tee.recorder, seen, response).await
}

async fn record_response(recorder: Recorder, mut seen: Observed, response: Response) -> Response {
    let (head, body) = response.into_parts();
    seen.status = Some(head.status.as_u16());
    seen.headers = headers_of(&head.headers);
    let stream =
        head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if stream {
        seen.body = Bytes::new();
        recorder.record(seen.clone());
        seen.direction = Direction::Event;
        return Response::from_parts(head, Body::new(Listening { recorder, seen, inner: body }));
    }
    // Our own handlers make small bodies; one that breaks half-way is an error of ours.
    match body.collect().await {
        Ok(body) => {
            seen.body = body.to_bytes();
            recorder.record(seen.clone());
            Response::from_parts(head, Body::from(seen.body))
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A streaming body that records each piece as it leaves.
struct Listening {
    recorder: Recorder,
    seen: Observed,
    inner: Body,
}

impl HttpBody for Listening {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            // Comments only keep the connection awake.
            if !data.starts_with(b":") {
                self.recorder.record(Observed { body: data.clone(), ..self.seen.clone() });
            }
        }
        polled
    }
}
