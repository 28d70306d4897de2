-- The simulated bank: its own file, as a bank's book is never the platform's. Times are unix milliseconds, money is fen.
CREATE TABLE bank_account(
  id TEXT PRIMARY KEY, opened_fen INTEGER NOT NULL CHECK(opened_fen >= 0), balance_fen INTEGER NOT NULL CHECK(balance_fen >= 0)) STRICT;
-- One row per attempt number, whatever becomes of it: the row is the guard against a second debit.
CREATE TABLE bank_debit(
  attempt_no TEXT PRIMARY KEY, account_id TEXT NOT NULL, amount_fen INTEGER NOT NULL CHECK(amount_fen > 0),
  status TEXT NOT NULL CHECK(status IN('DEBITED','DECLINED','CANCELLED')), reason TEXT, bank_ref TEXT UNIQUE, at INTEGER NOT NULL,
  CHECK((status = 'DEBITED') = (bank_ref IS NOT NULL))) STRICT;
CREATE TRIGGER bank_debit_keep_u BEFORE UPDATE ON bank_debit BEGIN SELECT RAISE(ABORT, 'debits are append only'); END;
CREATE TRIGGER bank_debit_keep_d BEFORE DELETE ON bank_debit BEGIN SELECT RAISE(ABORT, 'debits are append only'); END;
-- What the bank was told to do: account '*' is every account; remaining NULL is until told otherwise.
CREATE TABLE behaviour(account_id TEXT PRIMARY KEY, kind TEXT NOT NULL, ms INTEGER NOT NULL, remaining INTEGER) STRICT;
-- Every request that reached the bank, for people and tests.
CREATE TABLE bank_event(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, attempt_no TEXT NOT NULL, what TEXT NOT NULL) STRICT;
