//! The audit trail: an event row in the business transaction itself, sealed afterwards into a chain of blocks.
//!
//! A block's Merkle root (RFC 6962 §2.1, SHA-256) covers its events; its hash covers the root and the hash
//! before it. There is one writer, so "every id after the last sealed one" misses nothing. The chain alone
//! doesn't stop an operator from cutting its end: heads must leave this machine.

use msgpay_crypto::SuiteId;
use sqlx::{FromRow, Row, sqlite::SqliteRow};

use super::{Store, StoreError, Tx};

/// Events of one block at most.
const BLOCK_MAX: i64 = 4096;

/// Something that happened and must stay told. Never put a secret or a person's data in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Who: `merchant:…`, `device:…`, `operator`, `platform`.
    pub actor: String,
    /// What, in capitals.
    pub action: String,
    /// To what: an order, attempt, key or device.
    pub object: String,
    /// How it went.
    pub outcome: String,
    /// Digest of the request that caused it.
    pub req_hash: Option<[u8; 32]>,
    /// Further words, may be empty.
    pub body: String,
}

/// Where the trail was tampered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFault {
    /// Block number, counted from 1; 0 for events that no block can reach.
    pub seq: i64,
    /// What is wrong there.
    pub what: &'static str,
}

struct Event {
    id: i64,
    leaf: [u8; 32],
}

impl Store {
    /// Notes an event that belongs to no other transaction (an operator's act, a refusal at the edge).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit(&self, e: AuditEvent) -> Result<(), StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { write(&mut tx, &e).await })).await
    }

    /// Seals events that no block covers yet; gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn seal_audit(&self) -> Result<u64, StoreError> {
        self.writer().write(|mut tx| Box::pin(async move { seal(&mut tx).await })).await
    }

    /// Recomputes the whole chain; empty when nothing was touched. Unsealed events at the end are no fault.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verify_audit(&self) -> Result<Vec<AuditFault>, StoreError> {
        let mut faults = Vec::new();
        let mut prev = vec![0; 32];
        let mut next_id = 1;
        let blocks: Vec<SqliteRow> =
            sqlx::query("SELECT * FROM audit_block ORDER BY seq").fetch_all(self.read()).await?;
        for (expected, block) in (1..).zip(&blocks) {
            let seq: i64 = block.try_get("seq")?;
            let (first, last): (i64, i64) = (block.try_get("first_id")?, block.try_get("last_id")?);
            let events: Vec<Event> =
                sqlx::query_as("SELECT * FROM audit_event WHERE id BETWEEN ?1 AND ?2 ORDER BY id")
                    .bind(first)
                    .bind(last)
                    .fetch_all(self.read())
                    .await?;
            let leaves: Vec<[u8; 32]> = events.iter().map(|e| e.leaf).collect();
            let held: i64 = i64::try_from(leaves.len()).map_err(|_| StoreError::Damaged("audit_event"))?;
            let mut fault = |what| faults.push(AuditFault { seq, what });
            if seq != expected || block.try_get::<Vec<u8>, _>("prev_hash")? != prev {
                fault("a block before this one is missing or altered");
            }
            if first != next_id || held != block.try_get::<i64, _>("n")? {
                fault("events are missing");
            }
            let root = merkle_root(&leaves);
            if block.try_get::<Vec<u8>, _>("merkle_root")? != root {
                fault("an event was altered");
            }
            let hash = block_hash(seq, &prev, &root, first, last, block.try_get("at")?);
            if block.try_get::<Vec<u8>, _>("hash")? != hash {
                fault("the block's own hash does not fit");
            }
            prev = block.try_get("hash")?;
            next_id = last + 1;
        }
        Ok(faults)
    }
}

/// Notes an event inside the transaction that it tells of.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    actor: &str,
    action: &str,
    object: &str,
    outcome: &str,
) -> Result<(), StoreError> {
    let event = AuditEvent {
        actor: actor.to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        outcome: outcome.to_owned(),
        req_hash: None,
        body: String::new(),
    };
    write(tx, &event).await
}

pub(super) async fn write(tx: &mut Tx<'_>, e: &AuditEvent) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit_event(at, actor, action, object, outcome, req_hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(tx.now_ms)
    .bind(&e.actor)
    .bind(&e.action)
    .bind(&e.object)
    .bind(&e.outcome)
    .bind(e.req_hash.as_ref().map(<[u8; 32]>::as_slice))
    .bind(&e.body)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

async fn seal(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let last = sqlx::query("SELECT seq, hash, last_id FROM audit_block ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *tx.conn)
        .await?;
    let (seq, prev, sealed_to): (i64, Vec<u8>, i64) = match &last {
        Some(row) => (row.try_get("seq")?, row.try_get("hash")?, row.try_get("last_id")?),
        None => (0, vec![0; 32], 0),
    };
    let events: Vec<Event> = sqlx::query_as("SELECT * FROM audit_event WHERE id > ?1 ORDER BY id LIMIT ?2")
        .bind(sealed_to)
        .bind(BLOCK_MAX)
        .fetch_all(&mut *tx.conn)
        .await?;
    let (Some(first), Some(end)) = (events.first(), events.last()) else { return Ok(0) };
    let leaves: Vec<[u8; 32]> = events.iter().map(|e| e.leaf).collect();
    let root = merkle_root(&leaves);
    let hash = block_hash(seq + 1, &prev, &root, first.id, end.id, tx.now_ms);
    sqlx::query(
        "INSERT INTO audit_block(seq, prev_hash, merkle_root, hash, first_id, last_id, n, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(seq + 1)
    .bind(prev)
    .bind(root.as_slice())
    .bind(hash.as_slice())
    .bind(first.id)
    .bind(end.id)
    .bind(i64::try_from(events.len()).map_err(|_| StoreError::Damaged("audit_event"))?)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    u64::try_from(events.len()).map_err(|_| StoreError::Damaged("audit_event"))
}

impl FromRow<'_, SqliteRow> for Event {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let id: i64 = row.try_get("id")?;
        let at: i64 = row.try_get("at")?;
        let mut leaf = vec![0]; // RFC 6962: a leaf's hash begins with 0x00, a node's with 0x01
        leaf.extend(id.to_be_bytes());
        leaf.extend(at.to_be_bytes());
        for column in ["actor", "action", "object", "outcome", "body"] {
            part(&mut leaf, row.try_get::<&str, _>(column)?.as_bytes());
        }
        part(&mut leaf, row.try_get::<Option<&[u8]>, _>("req_hash")?.unwrap_or_default());
        Ok(Self { id, leaf: sha256(&leaf) })
    }
}

fn part(into: &mut Vec<u8>, bytes: &[u8]) {
    into.extend((bytes.len() as u64).to_be_bytes());
    into.extend(bytes);
}

fn block_hash(seq: i64, prev: &[u8], root: &[u8; 32], first: i64, last: i64, at: i64) -> [u8; 32] {
    let mut text = b"msgpay audit block v1".to_vec();
    text.extend(seq.to_be_bytes());
    text.extend(prev);
    text.extend(root);
    for number in [first, last, at] {
        text.extend(number.to_be_bytes());
    }
    sha256(&text)
}

/// RFC 6962 §2.1: split at the largest power of two below n.
fn merkle_root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => sha256(&[]),
        [leaf] => *leaf,
        many => {
            let (left, right) = many.split_at(many.len().div_ceil(2).next_power_of_two());
            let mut node = vec![1];
            node.extend(merkle_root(left));
            node.extend(merkle_root(right));
            sha256(&node)
        }
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    SuiteId::International.suite().hash(bytes)
}
