//! One masking character, `*` (T/CAICI 92 §6.3.2(3)).

/// A mobile number for eyes that need not know all of it: `199****1234`.
pub fn mobile(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    match digits.len() {
        11 => digits[..3].iter().chain(&['*'; 4]).chain(&digits[7..]).collect(),
        n => "*".repeat(n),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_middle_is_hidden_and_odd_numbers_whole() {
        assert_eq!(super::mobile("19900001234"), "199****1234");
        assert_eq!(super::mobile("+8619900001234"), "**************");
    }
}
