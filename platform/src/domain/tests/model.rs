//! Random histories against a small model: whatever the order of events, the books agree with it and each other.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::future::BoxFuture;
use msgpay_wire::problem::Code;
use proptest::{prelude::*, test_runner::Config};

use super::super::rig::*;
use crate::{
    bank::{Behaviour, Channel, Debit, Debited, Queried, SimulatedBank},
    clock::Clock,
    domain::{Answer, Order, OrderStatus, Rules, Verdict},
    store::{Created, Issued},
};

#[derive(Debug, Clone)]
enum Event {
    Create { order: usize },
    Pay { order: usize, right: bool, bank: Bank },
    Wait { ms: i64 },
    Sweep,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bank {
    Approve,
    Decline,
    Twice,
    Lost,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let bank = prop_oneof![
        4 => Just(Bank::Approve),
        2 => Just(Bank::Decline),
        1 => Just(Bank::Twice),
        2 => Just(Bank::Lost)
    ];
    let pay = (0..3_usize, prop::bool::weighted(0.6), bank).prop_map(|(order, right, bank)| Event::Pay {
        order,
        right,
        bank,
    });
    let wait = prop_oneof![Just(1_000), Just(6_000), Just(1_700_000), Just(1_800_000)];
    prop::collection::vec(
        prop_oneof![
            2 => (0..3_usize).prop_map(|order| Event::Create { order }),
            6 => pay,
            2 => wait.prop_map(|ms| Event::Wait { ms }),
            1 => Just(Event::Sweep),
        ],
        1..18,
    )
}

/// What must be true, said in the fewest words.
#[derive(Default)]
struct Model {
    orders: [Option<(Order, OrderStatus)>; 3],
    asked_again_at: [i64; 3],
    fails: u32,
    locks: u32,
    locked_until: i64,
    debited: i64,
}

impl Model {
    fn locked(&self, now: i64) -> bool {
        self.locks >= 2 || self.locked_until > now
    }
    fn expected_launch(&self, order: usize, now: i64) -> Option<Issued> {
        let (held, status) = self.orders[order].as_ref()?;
        Some(match status {
            OrderStatus::Success => Issued::Paid,
            OrderStatus::Paying => Issued::InProgress,
            _ if held.expire_at_ms <= now => Issued::Closed,
            _ if self.locked(now) => Issued::Locked,
            _ => Issued::Done { expires_at_ms: now + 180_000, policy_serial: (now / 1_000).unsigned_abs() },
        })
    }
    /// The verdict and code of a payment whose launch was granted; `None` for "working".
    fn paid(&mut self, order: usize, right: bool, bank: Bank, now: i64) -> Option<(Verdict, Option<Code>)> {
        let (held, status) = self.orders[order].as_mut()?;
        if !right {
            self.fails = if self.fails >= 5 { 1 } else { self.fails + 1 };
            if self.fails == 5 {
                self.locks += 1;
                self.locked_until = now + 30 * 60_000;
                return Some((Verdict::Fail, Some(Code::Locked)));
            }
            return Some((Verdict::Fail, Some(Code::WrongPassword)));
        }
        (self.fails, self.locks, self.locked_until) = (0, 0, 0);
        match bank {
            Bank::Decline => Some((Verdict::Fail, Some(Code::Risk))),
            Bank::Lost => {
                *status = OrderStatus::Paying;
                self.asked_again_at[order] = now + 5_000;
                self.debited += held.amount_fen;
                None
            }
            Bank::Approve | Bank::Twice => {
                *status = OrderStatus::Success;
                self.debited += held.amount_fen;
                Some((Verdict::Success, None))
            }
        }
    }
    fn swept(&mut self, now: i64) {
        for (slot, due) in self.orders.iter_mut().zip(self.asked_again_at) {
            if let Some((_, status @ OrderStatus::Paying)) = slot
                && due <= now
            {
                *status = OrderStatus::Success;
            }
        }
    }
}

/// A line that loses the bank's answers while it is told to; what was asked is done all the same.
#[derive(Clone)]
struct Line {
    bank: SimulatedBank,
    loses: Arc<AtomicBool>,
}

impl Channel for Line {
    fn debit(&self, debit: Debit) -> BoxFuture<'_, Debited> {
        Box::pin(async move {
            let answer = self.bank.debit(debit).await;
            if self.loses.load(Ordering::SeqCst) { Debited::Unknown } else { answer }
        })
    }
    fn query(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        self.bank.query(attempt_no)
    }
    fn cancel(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        self.bank.cancel(attempt_no)
    }
}

async fn play(history: Vec<Event>) {
    let loses = Arc::new(AtomicBool::new(false));
    let line = |bank| Arc::new(Line { bank, loses: Arc::clone(&loses) }) as Arc<dyn Channel>;
    let rig = Rig::before(Rules { bank_deadline_ms: 30_000, ..Rules::default() }, line).await;
    rig.set(PASSWORD, PASSWORD).await;
    let mut model = Model::default();
    for event in history {
        let now = rig.clock.now_ms();
        match event {
            Event::Create { order } => create(&rig, &mut model, order, now).await,
            Event::Pay { order, right, bank } => {
                pay(&rig, &mut model, order, right, (bank, &loses), now).await
            }
            Event::Wait { ms } => rig.clock.advance(ms),
            Event::Sweep => {
                rig.payments.sweep().await.unwrap();
                model.swept(now);
            }
        }
        assert_eq!(rig.debited().await, model.debited);
        let now = rig.clock.now_ms();
        for (order, status) in model.orders.iter().flatten() {
            let late = *status == OrderStatus::WaitPay && order.expire_at_ms <= now;
            let read = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
            assert_eq!(read.status, if late { OrderStatus::Closed } else { *status });
        }
        assert_eq!(rig.findings().await, []);
    }
}

async fn create(rig: &Rig, model: &mut Model, order: usize, now: i64) {
    let mut asked = new_order(&format!("M{order}"), 100 + order as i64);
    asked.order_date = "20261122".into();
    let created = rig.store.create_order(asked).await.unwrap();
    match (&model.orders[order], created) {
        (None, Created::New(new)) => model.orders[order] = Some((new, OrderStatus::WaitPay)),
        (Some((_, OrderStatus::Success)), Created::AlreadyPaid(_)) => {}
        (Some((held, OrderStatus::WaitPay)), Created::Closed(_)) if held.expire_at_ms <= now => {}
        (Some((held, status)), Created::Replay(again)) => {
            assert_eq!(again.pay_order_no, held.pay_order_no);
            assert!(*status == OrderStatus::Paying || held.expire_at_ms > now);
        }
        (held, created) => panic!("{held:?} {created:?}"),
    }
}

async fn pay(
    rig: &Rig,
    model: &mut Model,
    order: usize,
    right: bool,
    (bank, loses): (Bank, &AtomicBool),
    now: i64,
) {
    let Some((held, _)) = model.orders[order].clone() else { return };
    let (issued, shown) = rig.try_launch(&held).await;
    assert_eq!(Some(issued), model.expected_launch(order, now));
    if !matches!(issued, Issued::Done { .. }) {
        return;
    }
    let behaviour = match bank {
        Bank::Approve => Behaviour::Approve,
        Bank::Decline => Behaviour::Decline,
        Bank::Twice => Behaviour::Twice,
        Bank::Lost => Behaviour::Approve,
    };
    loses.store(bank == Bank::Lost, Ordering::SeqCst);
    rig.bank.behave(ACCOUNT, behaviour, None).await.unwrap();
    let request = rig.entry(&shown, if right { PASSWORD } else { WRONG });
    let answer = rig.payments.submit(&rig.device, request).await.unwrap();
    let told = match &answer {
        Answer::Receipt(receipt) => Some((receipt.fields.verdict, None)),
        Answer::Working { .. } => None,
        Answer::Refused(refusal) => Some((Verdict::Fail, Some(refusal.code))),
    };
    assert_eq!(told, model.paid(order, right, bank, now), "{answer:?}");
}

proptest! {
    #![proptest_config(Config { cases: 10, max_shrink_iters: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_history_agrees_with_the_model(history in events()) {
        tokio::runtime::Runtime::new().unwrap().block_on(play(history));
    }
}
