use super::*;

#[test]
fn plain_decimals_become_fen() {
    for (text, fen) in [
        ("128.50", 12850),
        ("128.5", 12850),
        ("1", 100),
        ("0.01", 1),
        ("9999999999.99", Fen::MAX),
        ("10.00", 1000),
    ] {
        let read = Fen::from_yuan_text(text).unwrap();
        assert_eq!(read.get(), fen, "{text}");
        assert_eq!(Fen::from_yuan_text(&read.to_string()).unwrap(), read, "{text}");
    }
}

#[test]
fn everything_else_is_refused_by_its_reason() {
    use AmountError::*;
    for (text, why) in [
        ("1e3", NotDecimal),
        ("1E-2", NotDecimal),
        ("0", NotPositive),
        ("0.00", NotPositive),
        ("-1", NotPositive),
        ("-1e3", NotDecimal),
        ("-", NotDecimal),
        ("0.001", TooFine),
        ("\"12.5x\"", NotDecimal),
        ("\"12.50\"", NotDecimal),
        ("123456789012345678901234567890", TooLarge),
        ("10000000000.00", TooLarge),
        ("", NotDecimal),
        (".5", NotDecimal),
        ("5.", NotDecimal),
        ("01.00", NotDecimal),
        ("+1", NotDecimal),
        ("1 ", NotDecimal),
        ("1.2.3", NotDecimal),
        ("１", NotDecimal),
        ("null", NotDecimal),
    ] {
        assert_eq!(Fen::from_yuan_text(text), Err(why), "{text}");
    }
}
