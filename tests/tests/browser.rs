//! A person pays in a real browser: set-up, order, payment, result, by clicks at places of the screen. The keys are
//! read off screenshots, as pictures. The screenshots are kept under `target/screenshots`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a step of the person that does not work fails its test"
)]

#[path = "browser/driver.rs"]
mod driver;

use driver::{Browser, Demo, Window};
use serde_json::Value;

const PASSWORD: &str = "280417";
const DESKTOP: Window =
    Window { name: "desktop-light", width: 1440, height: 900, density: 1, query: "?lang=zh&theme=light" };
const PHONE: Window =
    Window { name: "phone-dark", width: 390, height: 844, density: 2, query: "?lang=zh&theme=dark" };

/// Everything on the keypad that a program could read: text and labels, but no pixels.
const KEYPAD_WORDS: &str = "return [...document.querySelectorAll('.pad, .pad *')].flatMap((node) => [
    ...[...node.childNodes].filter((below) => below.nodeType === Node.TEXT_NODE).map((below) => below.data),
    ...[...node.attributes].filter((each) => !['class', 'style'].includes(each.name)
        && node.tagName !== 'path' && node.tagName !== 'svg' && !['width', 'height'].includes(each.name))
        .map((each) => each.value)]).join(' ')";

#[tokio::test]
async fn a_person_pays_at_a_desk() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path()).await;
    let mut browser = Browser::open(&demo.url, DESKTOP).await;
    sets_up(&mut browser).await;
    let sum = orders(&mut browser).await;
    opens_the_keypad(&mut browser, &sum).await;
    browser.types(PASSWORD).await;
    browser.reads(".verdict", "支付成功").await;
    assert_eq!(browser.text(".sheet .money .amount").await, sum);
    browser.shoots("paid").await;
    browser.clicks(".sheet .primary").await;
    browser.sees(".card.good").await;
    assert!(browser.text(".card.good .amount").await.ends_with(&sum));
    browser.shoots("told").await;
    the_panel_tells_the_story(&mut browser).await;
    nothing_came_from_elsewhere(&browser, &demo.url).await;
    browser.close().await;
    demo.end().await;
}

#[tokio::test]
async fn a_person_with_a_lost_answer_asks_and_is_told() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path()).await;
    let mut browser = Browser::open(&demo.url, PHONE).await;
    sets_up(&mut browser).await;
    browser.clicks(".tabs button:nth-child(2)").await;
    browser.clicks(".parts button:nth-child(2)").await;
    browser.shoots("switches").await;
    browser.clicks(".faults li[data-name=lost-answer] input").await;
    browser.clicks(".tabs button:nth-child(1)").await;
    let sum = orders(&mut browser).await;
    opens_the_keypad(&mut browser, &sum).await;
    browser.types(PASSWORD).await;
    browser.reads(".verdict", "结果确认中，请勿重复付款").await;
    browser.shoots("unresolved").await;
    asks_until_it_is_known(&browser).await;
    browser.reads(".verdict", "支付成功").await;
    assert_eq!(browser.text(".sheet .money .amount").await, sum);
    browser.shoots("paid-after-all").await;
    browser.clicks(".sheet .primary").await;
    browser.sees(".card.good").await;
    browser.clicks(".tabs button:nth-child(2)").await;
    browser.clicks(".parts button:nth-child(1)").await;
    browser.shoots("story").await;
    browser.close().await;
    demo.end().await;
}

/// Activates by the code that came, sets the password on two keypads with two layouts.
async fn sets_up(browser: &mut Browser) {
    browser.sees(".code").await;
    browser.shoots("activation").await;
    browser.clicks(".offer").await;
    browser.clicks(".sheet .primary").await;
    browser.reads(".entry h3", "设置支付密码").await;
    browser.shoots("new-password").await;
    let first = browser.sees_keys().await;
    browser.types(PASSWORD).await;
    browser.reads(".entry h3", "再输入一次").await;
    let second = browser.sees_keys().await;
    assert_ne!(first, second, "the keys are shuffled again");
    browser.types(PASSWORD).await;
    browser.reads(".verdict", "支付密码已设置").await;
    browser.shoots("password-set").await;
    browser.clicks(".sheet .primary").await;
    browser.holds("return !document.getElementById('screen').classList.contains('up')").await;
}

/// Asks the Chatbot for goods, picks the first, gets the card to pay; the sum on it.
async fn orders(browser: &mut Browser) -> String {
    browser.sees(".welcome").await;
    browser.shoots("welcome").await;
    browser.sees(".composer input").await.send_keys("我想买咖啡").await.unwrap();
    browser.clicks(".composer button").await;
    browser.sees(".msg.theirs .card .buttons button").await;
    browser.shoots("goods").await;
    browser.clicks(".msg.theirs .card .buttons button").await;
    browser.sees(".card .buttons button.pay").await;
    browser.shoots("card").await;
    let sum = browser
        .asks("return [...document.querySelectorAll('.card:has(.pay) .amount')].at(-1).textContent")
        .await;
    sum.as_str().unwrap().to_owned()
}

/// From the card to the keypad: what is reviewed is the card's sum.
async fn opens_the_keypad(browser: &mut Browser, sum: &str) {
    browser.clicks(".card .buttons button.pay").await;
    browser.reads(".sheet .foot .primary", "支付").await;
    assert_eq!(browser.text(".sheet .money .amount").await, sum);
    browser.shoots("review").await;
    browser.clicks(".sheet .foot .primary").await;
    browser.reads(".entry h3", "输入支付密码").await;
    browser.shoots("keypad").await;
    let words = browser.asks(KEYPAD_WORDS).await;
    assert!(
        !words.as_str().unwrap().contains(|c: char| c.is_ascii_digit()),
        "a key says what it is: {words}"
    );
    // Control: the same question finds digits where there are some.
    let others = browser.asks(&KEYPAD_WORDS.replace(".pad", ".entry")).await;
    assert!(others.as_str().unwrap().contains(|c: char| c.is_ascii_digit()), "{others}");
}

/// The phone asks by itself at first; while the result stays open, the person presses its one button.
async fn asks_until_it_is_known(browser: &Browser) {
    let query = "[...document.querySelectorAll('.sheet .primary:not(:disabled)')].find((button) => button.textContent === '查询结果')";
    let known = "!document.querySelector('.verdict.open')";
    for _ in 0..5 {
        browser.holds(&format!("return {known} || Boolean({query})")).await;
        if browser.asks(&format!("return {known}")).await == Value::Bool(true) {
            return;
        }
        browser.asks(&format!("{query}?.click()")).await;
    }
}

/// All six steps have happened; the merchant and the operator got nothing sealed, the institution did.
async fn the_panel_tells_the_story(browser: &mut Browser) {
    browser.holds("return document.querySelectorAll('.step.ahead').length === 0").await;
    let steps = browser.asks("return [...document.querySelectorAll('.step .mark')].map((mark) => mark.textContent).filter(Boolean)").await;
    let wanted = ["B.3(1)", "B.3(2)", "B.3(3)", "B.3(4)", "B.3(5)", "B.3(6)"];
    assert_eq!(steps, Value::from(wanted.to_vec()));
    let sealed = browser.asks("return [...document.querySelectorAll('.parties .sealed')].map((mark) => !mark.classList.contains('nil'))").await;
    let [user, handset, operator, merchant, institution, bank] = [false, false, false, false, true, false];
    assert_eq!(sealed, Value::from(vec![user, handset, operator, merchant, institution, bank]));
    let open =
        "[...document.querySelectorAll('.line > button')].find((line) => line.querySelector('.stamp'))";
    browser.asks(&format!("{open}.click()")).await;
    browser.sees(".opened .envelope").await;
    browser.asks("document.querySelector('.opened .envelope').scrollIntoView({ block: 'center' })").await;
    browser.shoots("envelope").await;
}

/// The page asked nobody but its own server.
async fn nothing_came_from_elsewhere(browser: &Browser, url: &str) {
    let asked =
        browser.asks("return performance.getEntriesByType('resource').map((entry) => entry.name)").await;
    let asked = asked.as_array().unwrap();
    assert!(asked.len() > 10, "{asked:?}");
    let elsewhere: Vec<&Value> =
        asked.iter().filter(|name| !name.as_str().unwrap().starts_with(url)).collect();
    assert!(elsewhere.iter().all(|name| name.as_str().unwrap().starts_with("data:")), "{elsewhere:?}");
}
