-- The platform's own book. Times are unix milliseconds, money is integer fen, digests are 32 bytes.
-- Guards live here, in the statements' own database, so that no caller can forget one.

CREATE TABLE merchant(
  id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL CHECK(status IN('ACTIVE','STOPPED')),
  notify_host_allow TEXT NOT NULL, lenient INTEGER NOT NULL DEFAULT 0 CHECK(lenient IN(0,1)),
  conc_limit INTEGER NOT NULL DEFAULT 4 CHECK(conc_limit > 0), version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL) STRICT;

-- Two live keys of one merchant = a rotation under way (T/CAICI 92 §6.3.1(1)).
CREATE TABLE merchant_key(
  key_id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL REFERENCES merchant(id), alg TEXT NOT NULL,
  public_key BLOB NOT NULL CHECK(length(public_key) = 65), cert_sha256 BLOB NOT NULL CHECK(length(cert_sha256) = 32),
  not_before INTEGER NOT NULL, not_after INTEGER NOT NULL CHECK(not_after > not_before), revoked_at INTEGER) STRICT;
CREATE INDEX merchant_key_owner ON merchant_key(merchant_id);

CREATE TABLE app_user(
  id TEXT PRIMARY KEY, mobile_hmac BLOB NOT NULL UNIQUE CHECK(length(mobile_hmac) = 32), mobile_enc BLOB NOT NULL,
  created_at INTEGER NOT NULL) STRICT;

CREATE TABLE wallet(
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE REFERENCES app_user(id), bank_account TEXT NOT NULL,
  funding_text TEXT NOT NULL, status TEXT NOT NULL CHECK(status IN('ACTIVE','STOPPED')), created_at INTEGER NOT NULL) STRICT;

CREATE TABLE device_key(
  device_id TEXT PRIMARY KEY, wallet_id TEXT NOT NULL REFERENCES wallet(id), alg TEXT NOT NULL,
  public_key BLOB NOT NULL UNIQUE CHECK(length(public_key) = 65),
  status TEXT NOT NULL CHECK(status IN('ACTIVE','REVOKED')), created_at INTEGER NOT NULL) STRICT;

-- One a device: the public half of a key that the phone releases to a live finger or face. Nothing biometric is here.
CREATE TABLE biometric_key(
  device_id TEXT PRIMARY KEY REFERENCES device_key(device_id), kid BLOB NOT NULL UNIQUE CHECK(length(kid) = 32),
  alg TEXT NOT NULL, public_key BLOB NOT NULL UNIQUE CHECK(length(public_key) = 65), made_at INTEGER NOT NULL) STRICT;
CREATE TRIGGER biometric_key_is_no_device_key BEFORE INSERT ON biometric_key
  WHEN EXISTS(SELECT 1 FROM device_key WHERE public_key = NEW.public_key)
  BEGIN SELECT RAISE(ABORT, 'two factors never share a key'); END;

-- Only the code's digest is kept. An identity check stands behind every code, so a used code opens one password setting.
CREATE TABLE activation_code(
  code_hash BLOB PRIMARY KEY CHECK(length(code_hash) = 32), wallet_id TEXT NOT NULL REFERENCES wallet(id),
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER,
  device_id TEXT REFERENCES device_key(device_id)) STRICT;

-- may_set: the device that an identity check activated last; it may set the password once, until may_set_until, and
-- no more once it has tried the old one.
-- streak: which row of counted attempts this is, so that one is taken back from its own row only.
-- fails: counted attempts in a row. locked_until is written together with the fifth count, before its verification.
CREATE TABLE password_state(
  user_id TEXT PRIMARY KEY REFERENCES app_user(id), phc TEXT, fails INTEGER NOT NULL DEFAULT 0 CHECK(fails BETWEEN 0 AND 5),
  streak INTEGER NOT NULL DEFAULT 0, locked_until INTEGER, locks INTEGER NOT NULL DEFAULT 0, may_set TEXT REFERENCES device_key(device_id),
  may_set_until INTEGER, set_at INTEGER, CHECK((may_set IS NULL) = (may_set_until IS NULL))) STRICT;

CREATE TABLE pay_order(
  order_date TEXT NOT NULL CHECK(length(order_date) = 8), pay_order_no TEXT NOT NULL UNIQUE,
  merchant_id TEXT NOT NULL REFERENCES merchant(id), merchant_order_no TEXT NOT NULL, fp BLOB NOT NULL CHECK(length(fp) = 32),
  amount_fen INTEGER NOT NULL CHECK(amount_fen > 0), ccy TEXT NOT NULL CHECK(ccy = 'CNY'),
  user_id TEXT NOT NULL REFERENCES app_user(id),
  status TEXT NOT NULL CHECK(status IN('WAIT_PAY','PAYING','SUCCESS','FAIL','CLOSED','REFUND_PROCESSING','PARTIAL_REFUND','REFUND')),
  expire_at INTEGER NOT NULL, refunded_fen INTEGER NOT NULL DEFAULT 0 CHECK(refunded_fen BETWEEN 0 AND amount_fen),
  paid_attempt TEXT, version INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, paid_at INTEGER,
  transaction_type TEXT NOT NULL, business_type TEXT NOT NULL, bank_return_url TEXT NOT NULL, merchant_name TEXT NOT NULL,
  goods_no TEXT, goods_name TEXT, goods_description TEXT, create_date TEXT NOT NULL CHECK(length(create_date) = 8),
  PRIMARY KEY(order_date, pay_order_no),
  CHECK((status IN('SUCCESS','REFUND_PROCESSING','PARTIAL_REFUND','REFUND')) = (paid_attempt IS NOT NULL)),
  CHECK((paid_at IS NULL) = (paid_attempt IS NULL))) STRICT;
CREATE INDEX pay_order_due ON pay_order(expire_at) WHERE status = 'WAIT_PAY';

-- One merchant order number, one order, whatever its date.
CREATE TABLE order_key(
  merchant_id TEXT NOT NULL, merchant_order_no TEXT NOT NULL, order_date TEXT NOT NULL, pay_order_no TEXT NOT NULL,
  PRIMARY KEY(merchant_id, merchant_order_no)) STRICT, WITHOUT ROWID;

CREATE TRIGGER pay_order_terms_keep BEFORE UPDATE ON pay_order
  WHEN NEW.amount_fen <> OLD.amount_fen OR NEW.merchant_id <> OLD.merchant_id OR NEW.user_id <> OLD.user_id
    OR NEW.fp <> OLD.fp OR NEW.ccy <> OLD.ccy
  BEGIN SELECT RAISE(ABORT, 'amount, payee and payer of an order never change'); END;

CREATE TABLE pay_attempt(
  attempt_no TEXT PRIMARY KEY, order_date TEXT NOT NULL, pay_order_no TEXT NOT NULL, seq INTEGER NOT NULL,
  institution TEXT NOT NULL, mode TEXT NOT NULL, wallet_id TEXT NOT NULL REFERENCES wallet(id), amount_fen INTEGER NOT NULL CHECK(amount_fen > 0),
  status TEXT NOT NULL CHECK(status IN('SUBMITTED','UNKNOWN','SUCCESS','FAIL')), reason TEXT, inst_ref TEXT,
  server_nonce BLOB NOT NULL UNIQUE, next_check_at INTEGER, checks INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, settled_at INTEGER,
  UNIQUE(order_date, pay_order_no, seq),
  CHECK((status IN('SUCCESS','FAIL')) = (settled_at IS NOT NULL)),
  FOREIGN KEY(order_date, pay_order_no) REFERENCES pay_order(order_date, pay_order_no)) STRICT;
CREATE INDEX pay_attempt_order ON pay_attempt(pay_order_no);
CREATE UNIQUE INDEX paid_once ON pay_attempt(order_date, pay_order_no) WHERE status = 'SUCCESS';
CREATE UNIQUE INDEX one_in_flight ON pay_attempt(order_date, pay_order_no) WHERE status IN('SUBMITTED','UNKNOWN');
CREATE INDEX pay_attempt_due ON pay_attempt(next_check_at) WHERE status IN('SUBMITTED','UNKNOWN');

-- What a handset was shown and may answer once. The record, never the message, says order digest, kid and purpose, and
-- by which ways a payment may be proven: 'device biometric;device password;'.
CREATE TABLE server_nonce(
  nonce BLOB PRIMARY KEY CHECK(length(nonce) = 16), purpose TEXT NOT NULL CHECK(purpose IN('PAYMENT','PASSWORD','BIOMETRIC')),
  ways TEXT NOT NULL CHECK((ways <> '') = (purpose = 'PAYMENT')),
  device_id TEXT NOT NULL REFERENCES device_key(device_id), wallet_id TEXT NOT NULL REFERENCES wallet(id),
  subject_no TEXT NOT NULL, order_digest BLOB NOT NULL CHECK(length(order_digest) = 32), summary BLOB NOT NULL,
  token_digest BLOB NOT NULL CHECK(length(token_digest) = 32), client_nonce BLOB NOT NULL CHECK(length(client_nonce) = 16),
  suite INTEGER NOT NULL, kid INTEGER NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN('FRESH','CONSUMED','VOID')), request_digest BLOB CHECK(length(request_digest) = 32),
  consumed_at INTEGER, counted INTEGER NOT NULL DEFAULT 0, attempt_no TEXT REFERENCES pay_attempt(attempt_no),
  CHECK((state = 'FRESH') = (request_digest IS NULL))) STRICT;
CREATE INDEX server_nonce_subject ON server_nonce(subject_no);

-- The highest serial that a signed policy has had: a clock that is set back must not make handsets see an older one.
CREATE TABLE policy_serial(
  one INTEGER PRIMARY KEY CHECK(one = 1), serial INTEGER NOT NULL CHECK(serial >= 0)) STRICT, WITHOUT ROWID;

-- The one signed answer to one request: what was signed once is what is said ever after.
CREATE TABLE receipt(
  nonce BLOB PRIMARY KEY REFERENCES server_nonce(nonce), subject_no TEXT NOT NULL, request_digest BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK(outcome IN('SUCCESS','FAIL','VOID')), reason TEXT NOT NULL, at INTEGER NOT NULL,
  attempt INTEGER NOT NULL, tries_left INTEGER, cose BLOB NOT NULL) STRICT;
CREATE TRIGGER receipt_keep_u BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipts are append only'); END;
CREATE TRIGGER receipt_keep_d BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipts are append only'); END;

CREATE TABLE account(
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL CHECK(kind IN('FUNDING','PAYABLE')), ccy TEXT NOT NULL,
  no_overdraft INTEGER NOT NULL CHECK(no_overdraft IN(0,1)), UNIQUE(owner, kind, ccy)) STRICT;

-- One immutable row per movement: balanced by construction. POST/VOID repeats its pending row and resolves it once.
CREATE TABLE transfer(
  id INTEGER PRIMARY KEY AUTOINCREMENT, journal_id TEXT NOT NULL, leg INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN('POSTED','PENDING','POST','VOID')), pending_id INTEGER REFERENCES transfer(id),
  debit TEXT NOT NULL REFERENCES account(id), credit TEXT NOT NULL REFERENCES account(id),
  amount_fen INTEGER NOT NULL CHECK(amount_fen > 0), ccy TEXT NOT NULL, at INTEGER NOT NULL,
  CHECK(debit <> credit), CHECK((kind IN('POST','VOID')) = (pending_id IS NOT NULL)), UNIQUE(journal_id, leg)) STRICT;
CREATE UNIQUE INDEX transfer_resolves_once ON transfer(pending_id) WHERE kind IN('POST','VOID');
CREATE TRIGGER transfer_keep_u BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'transfers are append only'); END;
CREATE TRIGGER transfer_keep_d BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'transfers are append only'); END;

-- Nonces of HTTP message signatures; a bucket is 10 minutes, dropped when two windows old.
CREATE TABLE nonce(
  bucket INTEGER NOT NULL, key_id TEXT NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY(key_id, nonce, bucket)) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_bucket ON nonce(bucket);

CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, notify_id TEXT NOT NULL UNIQUE, topic TEXT NOT NULL CHECK(topic IN('PAY','REFUND')),
  agg TEXT NOT NULL, merchant_id TEXT NOT NULL REFERENCES merchant(id), attempt INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, next_at INTEGER NOT NULL, lease_until INTEGER) STRICT;
CREATE INDEX outbox_due ON outbox(next_at);
CREATE TABLE delivery(
  id INTEGER PRIMARY KEY AUTOINCREMENT, outbox_id INTEGER NOT NULL, notify_id TEXT NOT NULL, agg TEXT NOT NULL,
  attempt INTEGER NOT NULL, at INTEGER NOT NULL, http INTEGER, notice_result TEXT, ms INTEGER NOT NULL, err TEXT,
  done INTEGER NOT NULL CHECK(done IN(0,1))) STRICT;
CREATE INDEX delivery_agg ON delivery(agg);
CREATE TABLE dead_letter(
  outbox_id INTEGER PRIMARY KEY, notify_id TEXT NOT NULL, topic TEXT NOT NULL, agg TEXT NOT NULL, merchant_id TEXT NOT NULL,
  attempt INTEGER NOT NULL, created_at INTEGER NOT NULL, dead_at INTEGER NOT NULL, why TEXT NOT NULL) STRICT;

CREATE TABLE audit_event(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, outcome TEXT NOT NULL, req_hash BLOB, body TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX audit_event_object ON audit_event(object);
CREATE TABLE audit_block(
  seq INTEGER PRIMARY KEY, prev_hash BLOB NOT NULL, merkle_root BLOB NOT NULL, hash BLOB NOT NULL,
  first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, n INTEGER NOT NULL CHECK(n > 0), at INTEGER NOT NULL) STRICT;
CREATE TRIGGER audit_event_keep_u BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;
CREATE TRIGGER audit_event_keep_d BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;
CREATE TRIGGER audit_block_keep_u BEFORE UPDATE ON audit_block BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;
CREATE TRIGGER audit_block_keep_d BEFORE DELETE ON audit_block BEGIN SELECT RAISE(ABORT, 'audit is append only'); END;
