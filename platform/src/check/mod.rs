//! The invariants I1 to I9, which must hold after anything: crash, fault, parallel storm.
//!
//! Each check recomputes from rows; none trusts a total that the program keeps. One SQL text per way to fail: it
//! selects what breaks the invariant, and an empty answer is the proof. I9's first half, the client's own history,
//! is compared with the handset's receipts by whoever holds them; here receipts are compared with the book, and the
//! book with the bank's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use sqlx::Row;

use crate::{
    bank::{BankError, SimulatedBank},
    store::{Store, StoreError},
};

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `I1` … `I9`.
    pub invariant: &'static str,
    /// The order, attempt, account or block.
    pub object: String,
    /// What is wrong with it.
    pub what: &'static str,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.invariant, self.object, self.what)
    }
}

/// The check itself could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The book can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The simulated bank's book can't be read.
    #[error(transparent)]
    Bank(#[from] BankError),
}

struct Rule {
    invariant: &'static str,
    what: &'static str,
    sql: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        invariant: "I1",
        what: "a resolved transfer differs from its pending one",
        sql: "SELECT t.journal_id FROM transfer t LEFT JOIN transfer p ON p.id = t.pending_id
              WHERE t.kind IN('POST','VOID') AND (p.id IS NULL OR p.kind <> 'PENDING' OR p.debit <> t.debit
                OR p.credit <> t.credit OR p.amount_fen <> t.amount_fen OR p.ccy <> t.ccy OR p.journal_id <> t.journal_id)",
    },
    Rule {
        invariant: "I1",
        what: "a pending transfer is resolved more than once",
        sql: "SELECT journal_id FROM transfer WHERE kind IN('POST','VOID') GROUP BY pending_id HAVING count(*) > 1",
    },
    Rule {
        invariant: "I1",
        what: "debit and credit are one account, or the amount is not positive",
        sql: "SELECT journal_id FROM transfer WHERE debit = credit OR amount_fen <= 0",
    },
    Rule {
        invariant: "I2",
        what: "more than one successful attempt",
        sql: "SELECT pay_order_no FROM pay_attempt WHERE status = 'SUCCESS' GROUP BY order_date, pay_order_no HAVING count(*) > 1",
    },
    Rule {
        invariant: "I2",
        what: "order and attempts disagree on whether it is paid",
        sql: "SELECT o.pay_order_no FROM pay_order o
              WHERE (o.status IN('SUCCESS','REFUND_PROCESSING','PARTIAL_REFUND','REFUND')) <> EXISTS(
                SELECT 1 FROM pay_attempt a WHERE a.pay_order_no = o.pay_order_no AND a.status = 'SUCCESS'
                  AND a.attempt_no = o.paid_attempt)
                OR (o.paid_attempt IS NULL AND EXISTS(
                  SELECT 1 FROM pay_attempt a WHERE a.pay_order_no = o.pay_order_no AND a.status = 'SUCCESS'))",
    },
    Rule {
        invariant: "I2",
        what: "the order is PAYING without an attempt under way, or the other way round",
        sql: "SELECT o.pay_order_no FROM pay_order o WHERE (o.status = 'PAYING') <> EXISTS(
                SELECT 1 FROM pay_attempt a WHERE a.pay_order_no = o.pay_order_no AND a.status IN('SUBMITTED','UNKNOWN'))",
    },
    Rule {
        invariant: "I2",
        what: "an attempt's amount is not its order's",
        sql: "SELECT a.attempt_no FROM pay_attempt a JOIN pay_order o ON o.pay_order_no = a.pay_order_no
              WHERE a.amount_fen <> o.amount_fen",
    },
    Rule {
        invariant: "I3",
        what: "more is refunded than was paid, or something of an unpaid order",
        sql: "SELECT pay_order_no FROM pay_order WHERE refunded_fen > amount_fen OR refunded_fen < 0
              OR (refunded_fen > 0 AND paid_attempt IS NULL)",
    },
    Rule {
        invariant: "I4",
        what: "what is owed to the merchant is not the sum of its paid orders",
        sql: "SELECT m.id FROM merchant m WHERE
                (SELECT coalesce(sum(t.amount_fen), 0) FROM transfer t JOIN account c ON c.id = t.credit
                   WHERE c.kind = 'PAYABLE' AND c.owner = m.id AND t.kind IN('POSTED','POST'))
                <> (SELECT coalesce(sum(o.amount_fen), 0) FROM pay_order o WHERE o.merchant_id = m.id AND o.paid_attempt IS NOT NULL)",
    },
    Rule {
        invariant: "I4",
        what: "an account that may not be overdrawn is",
        sql: "SELECT a.id FROM account a WHERE a.no_overdraft = 1 AND
                (SELECT coalesce(sum(CASE WHEN t.credit = a.id THEN t.amount_fen ELSE -t.amount_fen END), 0) FROM transfer t
                 WHERE t.kind IN('POSTED','POST') AND a.id IN(t.debit, t.credit)) < 0",
    },
    Rule {
        invariant: "I5",
        what: "a paid order has no notice: none waits, was delivered or is dead",
        sql: "SELECT o.pay_order_no FROM pay_order o WHERE o.paid_attempt IS NOT NULL
                AND NOT EXISTS(SELECT 1 FROM outbox x WHERE x.agg = o.pay_order_no)
                AND NOT EXISTS(SELECT 1 FROM delivery d WHERE d.agg = o.pay_order_no AND d.done = 1)
                AND NOT EXISTS(SELECT 1 FROM dead_letter l WHERE l.agg = o.pay_order_no)",
    },
    Rule {
        invariant: "I5",
        what: "a notice tells of an order that is not paid",
        sql: "SELECT x.agg FROM outbox x JOIN pay_order o ON o.pay_order_no = x.agg WHERE o.paid_attempt IS NULL",
    },
    Rule {
        invariant: "I6",
        what: "attempt and transfer disagree on whether it is settled",
        sql: "SELECT a.attempt_no FROM pay_attempt a WHERE
                (SELECT count(*) FROM transfer t WHERE t.journal_id = a.attempt_no AND t.kind = 'PENDING') <> 1
                OR coalesce((SELECT t.kind FROM transfer t WHERE t.journal_id = a.attempt_no AND t.pending_id IS NOT NULL), '')
                   <> CASE a.status WHEN 'SUCCESS' THEN 'POST' WHEN 'FAIL' THEN 'VOID' ELSE '' END
              UNION SELECT t.journal_id FROM transfer t WHERE t.kind = 'PENDING'
                AND NOT EXISTS(SELECT 1 FROM pay_attempt a WHERE a.attempt_no = t.journal_id)",
    },
    Rule {
        invariant: "I7",
        what: "an order and its natural key do not fit each other",
        sql: "SELECT o.pay_order_no FROM pay_order o WHERE NOT EXISTS(SELECT 1 FROM order_key k WHERE
                k.merchant_id = o.merchant_id AND k.merchant_order_no = o.merchant_order_no
                AND k.order_date = o.order_date AND k.pay_order_no = o.pay_order_no)
              UNION SELECT k.pay_order_no FROM order_key k WHERE NOT EXISTS(
                SELECT 1 FROM pay_order o WHERE o.pay_order_no = k.pay_order_no)",
    },
    Rule {
        invariant: "I8",
        what: "an order or attempt changed without an audit event",
        sql: "SELECT o.pay_order_no FROM pay_order o WHERE
                NOT EXISTS(SELECT 1 FROM audit_event e WHERE e.object = o.pay_order_no AND e.action = 'ORDER_CREATE')
                OR (o.paid_attempt IS NOT NULL AND NOT EXISTS(SELECT 1 FROM audit_event e
                      WHERE e.object = o.pay_order_no AND e.action = 'ORDER' AND e.outcome = 'SUCCESS'))
                OR (o.status = 'CLOSED' AND NOT EXISTS(SELECT 1 FROM audit_event e
                      WHERE e.object = o.pay_order_no AND e.outcome = 'CLOSED'))
              UNION SELECT a.attempt_no FROM pay_attempt a WHERE
                NOT EXISTS(SELECT 1 FROM audit_event e WHERE e.object = a.attempt_no AND e.action = 'BEGIN')
                OR (a.status IN('SUCCESS','FAIL') AND NOT EXISTS(SELECT 1 FROM audit_event e
                      WHERE e.object = a.attempt_no AND e.action = 'SETTLE' AND e.outcome = a.status))",
    },
    Rule {
        invariant: "I9",
        what: "an attempt's outcome and the receipt of its request disagree",
        sql: "SELECT a.attempt_no FROM pay_attempt a LEFT JOIN receipt r ON r.nonce = a.server_nonce
              WHERE coalesce(r.outcome, '') <> CASE WHEN a.status IN('SUCCESS','FAIL') THEN a.status ELSE '' END",
    },
    Rule {
        invariant: "I9",
        what: "a receipt of success without anything done",
        sql: "SELECT r.subject_no FROM receipt r JOIN server_nonce n ON n.nonce = r.nonce
              WHERE r.outcome = 'SUCCESS' AND n.purpose = 'PAYMENT' AND NOT EXISTS(
                SELECT 1 FROM pay_attempt a WHERE a.server_nonce = r.nonce AND a.status = 'SUCCESS')",
    },
    Rule {
        invariant: "I9",
        what: "a receipt answers another request than the one that used the nonce",
        sql: "SELECT r.subject_no FROM receipt r JOIN server_nonce n ON n.nonce = r.nonce
              WHERE n.request_digest IS NULL OR n.request_digest <> r.request_digest",
    },
];

/// Checks the book, and against the simulated bank's book when there is one. Empty: everything holds, also while
/// payments are under way.
///
/// # Errors
/// [`CheckError`] when a book can't be read.
pub async fn check(store: &Store, bank: Option<&SimulatedBank>) -> Result<Vec<Finding>, CheckError> {
    let mut findings = Vec::new();
    for rule in RULES {
        for row in sqlx::query(rule.sql).fetch_all(store.read()).await.map_err(StoreError::from)? {
            let object = row.try_get(0).map_err(StoreError::from)?;
            findings.push(Finding { invariant: rule.invariant, object, what: rule.what });
        }
    }
    for fault in store.verify_audit().await? {
        findings.push(Finding {
            invariant: "I8",
            object: format!("audit block {}", fault.seq),
            what: fault.what,
        });
    }
    if let Some(bank) = bank {
        reconcile(store, bank, &mut findings).await?;
    }
    Ok(findings)
}

/// One debit per paid order, none for any other.
async fn reconcile(
    store: &Store,
    bank: &SimulatedBank,
    findings: &mut Vec<Finding>,
) -> Result<(), CheckError> {
    // An attempt is in our book before the bank hears of it: what the bank had debited before we look must be known.
    // An outcome is in our book only after it is final at the bank: what is settled when we look must be so there
    // afterwards.
    let before = bank.debits().await?;
    let rows = sqlx::query("SELECT attempt_no, status, amount_fen, inst_ref FROM pay_attempt")
        .fetch_all(store.read())
        .await
        .map_err(StoreError::from)?;
    let after = bank.debits().await?;
    let debits: BTreeMap<&str, _> =
        after.iter().filter(|d| d.debited).map(|d| (d.attempt_no.as_str(), d)).collect();
    let mut known = BTreeSet::new();
    let mut report =
        |object: &str, what| findings.push(Finding { invariant: "I9", object: object.to_owned(), what });
    for row in &rows {
        let read = || -> Result<(String, String, i64, Option<String>), sqlx::Error> {
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))
        };
        let (attempt_no, status, amount_fen, inst_ref) = read().map_err(StoreError::from)?;
        let debit = debits.get(attempt_no.as_str());
        match (status.as_str(), debit) {
            ("SUCCESS", None) => report(&attempt_no, "paid in our book, not debited in the bank's"),
            ("SUCCESS", Some(d)) if d.amount_fen != amount_fen || d.bank_ref != inst_ref => {
                report(&attempt_no, "amount or reference differ between our book and the bank's");
            }
            ("FAIL", Some(_)) => report(&attempt_no, "failed in our book, debited in the bank's"),
            _ => {}
        }
        known.insert(attempt_no);
    }
    for debit in before.iter().filter(|d| d.debited && !known.contains(&d.attempt_no)) {
        report(&debit.attempt_no, "debited in the bank's book, unknown in ours");
    }
    for account in bank.unbalanced().await? {
        report(&account, "the bank's balance is not what was put in less what was debited");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
