use super::*;

fn order(status: &str, fen: i64) -> OrderRow {
    OrderRow { pay_order_no: "P1".into(), status: status.into(), amount_fen: fen, paid_at_ms: None }
}
fn held(books: &Books, paid: usize) -> Vec<bool> {
    books.money_promises(10_000, paid).iter().map(|p| p.held).collect()
}

#[test]
fn sound_books_keep_every_promise_and_each_defect_breaks_one() {
    let sound = Books {
        orders: vec![order("SUCCESS", 1000), order("WAIT_PAY", 500)],
        debits: vec![1000],
        balance_fen: 9000,
        posted: vec![1000],
    };
    assert_eq!(held(&sound, 1), [true; 4]);
    let twice = Books { debits: vec![1000, 1000], balance_fen: 8000, ..sound.clone() };
    assert_eq!(held(&twice, 1), [true, false, true, true], "debited twice");
    let unposted = Books { posted: vec![], ..sound.clone() };
    assert_eq!(held(&unposted, 1), [true, true, false, true], "paid and not posted");
    let short = Books { balance_fen: 8999, ..sound.clone() };
    assert_eq!(held(&short, 1), [true, true, true, false], "a fen is gone");
    assert_eq!(held(&sound, 0), [false, true, true, true], "paid where nothing was to be paid");
}

#[test]
fn a_password_is_found_where_it_stands_alone() {
    assert!(finds_digits(b"{\"pin\":\"482913\"}", "482913"));
    assert!(finds_digits(b"482913", "482913"));
    assert!(!finds_digits(b"P2026112214829130007", "482913"), "inside an order number");
    assert!(!finds_digits(b"48291", "482913"));
    assert!(finds(b"abcdef", b"cde") && !finds(b"abcdef", b"xyz") && !finds(b"abc", b""));
}
