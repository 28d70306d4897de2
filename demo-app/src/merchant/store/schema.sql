-- The merchant's own memory. Times are Unix seconds, amounts fen.
CREATE TABLE IF NOT EXISTS orders (
    order_no     TEXT PRIMARY KEY,
    order_date   TEXT NOT NULL,
    tel          TEXT NOT NULL,
    conversation TEXT NOT NULL,
    goods_no     TEXT NOT NULL,
    goods_name   TEXT NOT NULL,
    amount_fen   INTEGER NOT NULL CHECK (amount_fen > 0),
    state        TEXT NOT NULL CHECK (state IN ('NEW', 'WAIT_PAY', 'SUCCESS', 'FAIL', 'CLOSED')),
    -- The user gave it up or it ran out: not offered again, but still asked about and honoured.
    given_up     INTEGER NOT NULL DEFAULT 0 CHECK (given_up IN (0, 1)),
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    pay_order_no TEXT UNIQUE,
    create_date  TEXT,
    paid_at      INTEGER,
    polls        INTEGER NOT NULL DEFAULT 0,
    next_poll_at INTEGER NOT NULL,
    CHECK ((pay_order_no IS NULL) = (create_date IS NULL)),
    CHECK ((state = 'SUCCESS') = (paid_at IS NOT NULL))
) STRICT;

-- One unpaid order of the same goods for the same user: a double tap is one order.
CREATE UNIQUE INDEX IF NOT EXISTS one_open_order ON orders (tel, goods_no)
    WHERE state IN ('NEW', 'WAIT_PAY') AND given_up = 0;

-- Result cards, written in the transaction that settles the order; one of a kind per order.
CREATE TABLE IF NOT EXISTS card (
    order_no        TEXT NOT NULL REFERENCES orders (order_no),
    kind            TEXT NOT NULL CHECK (kind IN ('SUCCESS', 'FAIL', 'CLOSED')),
    message_id      TEXT NOT NULL UNIQUE,
    contribution_id TEXT NOT NULL,
    sent_at         INTEGER,
    delivery        TEXT,
    tries           INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_no, kind)
) STRICT;

-- What was seen before: uplinks by message, notices by Msgpay-Notify-Id, nonces by key.
CREATE TABLE IF NOT EXISTS seen (
    kind  TEXT NOT NULL,
    name  TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;
