// Every sentence of the page, in Chinese and in English. One language is shown at a time.

const WORDS = {
  messages: ["消息", "Messages"],
  noChats: ["还没有消息", "No messages yet"],
  verifiedBy: ["由{name}认证", "Verified by {name}"],
  notVerified: ["未认证，请勿付款", "Not verified: do not pay"],
  chatbot: ["应用号", "Chatbot"],
  hello: ["想买点什么？", "What would you like?"],
  helloNote: ["商品、下单与付款都在对话里完成。", "Choose, order and pay in this conversation."],
  helloWords: ["我想买咖啡", "I would like some coffee"],
  writeHere: ["短信/彩信", "Text message"],
  send: ["发送", "Send"],
  back: ["返回", "Back"],
  close: ["关闭", "Close"],
  today: ["今天", "Today"],
  sending: ["发送中", "Sending"],
  sent: ["已发送", "Sent"],
  delivered: ["已送达", "Delivered"],
  read: ["已读", "Read"],
  failed: ["未发送", "Not sent"],
  offline: ["与演示程序的连接已断开，正在重连…", "Connection to the demo lost, reconnecting…"],

  activateTitle: ["开通支付", "Set up payment"],
  activateText: ["输入短信里的激活码，把这台手机与你的钱包绑定。", "Enter the activation code from your text message to link this phone to your wallet."],
  activateCode: ["激活码", "Activation code"],
  activateFill: ["填入短信里的激活码", "Use the code from the message"],
  activateGo: ["绑定这台手机", "Link this phone"],
  activateBusy: ["正在绑定…", "Linking…"],

  pay: ["支付", "Pay"],
  item: ["商品", "Item"],
  claimed: ["商户自称", "Calls itself"],
  orderNo: ["订单尾号", "Order ending"],
  funding: ["付款方式", "Pay with"],
  paidWith: ["付款方式", "Paid with"],
  expires: ["请于此前付款", "Pay before"],
  payee: ["收款方", "Payee"],
  when: ["支付时间", "Paid at"],
  reviewVouch: ["以上内容由{name}签名，所见即所付", "Signed by {name}: what you see is what you pay"],

  enterPassword: ["输入支付密码", "Enter your payment password"],
  newPassword: ["设置支付密码", "Choose a payment password"],
  newPasswordNote: ["六位数字，不要用重复或连续的数字", "Six digits, no repeats and no sequences"],
  repeatPassword: ["再输入一次", "Enter it again"],
  repeatPasswordNote: ["按键已重新打乱", "The keys have been shuffled again"],
  enrolNote: ["启用指纹或面容需要支付密码", "Your password allows your finger or face"],
  padNote: ["安全键盘：按键随机排列，逐键加密", "Secure keypad: shuffled, each press sealed"],
  clear: ["清空", "Clear"],
  erase: ["退格", "Delete"],
  confirm: ["确认", "Confirm"],
  key: ["键", "Key"],
  entered: ["密码输入", "Password entry"],

  paid: ["支付成功", "Paid"],
  notPaid: ["未支付", "Not paid"],
  unresolved: ["结果确认中，请勿重复付款", "Being confirmed. Please do not pay again"],
  unresolvedAdvice: ["还没有收到支付机构的答复。查询不会再次扣款。", "The institution has not answered yet. Asking never charges you twice."],
  passwordSet: ["支付密码已设置", "Payment password set"],
  passwordSetAdvice: ["现在可以在消息里付款了。", "You can now pay inside your messages."],
  biometricSet: ["指纹或面容已启用", "Finger or face enrolled"],
  biometricSetAdvice: ["小额付款不再需要密码。", "Small payments need no password now."],
  enrol: ["启用指纹或面容", "Use finger or face"],
  touchAsk: ["请验证指纹或面容", "Give your finger or face"],
  touch: ["按指纹", "Touch"],
  typeInstead: ["改用密码", "Use the password"],
  signedBy: ["由{name}签名确认", "Confirmed by {name} with its signature"],
  backToChat: ["返回聊天", "Back to chat"],
  query: ["查询结果", "Check the result"],
  querying: ["正在查询…", "Checking…"],
  retry: ["重新支付", "Pay again"],
  startChat: ["开始使用", "Start"],

  tabPhone: ["手机", "Phone"],
  tabPanel: ["各方所见", "Who sees what"],
  panelTitle: ["各方所见", "What each party sees"],
  panelLead: ["每一条都是接收方真正读到的字节。密码只以密封的形式经过，商户与运营商什么也看不到。",
    "Each entry is the bytes its reader really received. The password travels sealed: the merchant and the operator see nothing of it."],
  story: ["经过", "Story"],
  faults: ["故障开关", "Faults"],
  faultsLead: ["打开一个开关再付款，看看会发生什么。钱不会被扣两次。", "Turn one on, then pay and watch. Money never moves twice."],
  restart: ["重新开始", "Start again"],
  theme: ["明暗", "Light or dark"],
  onScreen: ["看到屏幕", "sees the screen"],
  received: ["收到 {n}", "{n} received"],
  sealedCount: ["密封 {n}", "{n} sealed"],
  everyone: ["全部", "All"],
  nothingYet: ["还没有消息往来", "Nothing has been sent yet"],
  setupGroup: ["准备：激活与设密码", "Before: activation and password"],
  headers: ["消息头", "Headers"],
  content: ["内容", "Content"],
  asBytes: ["字节", "Bytes"],
  noBody: ["没有消息体", "No body"],
  sealed: ["密封", "Sealed"],
  sealedLength: ["{n} 字节", "{n} bytes"],
  cannotOpen: ["{who}没有钥匙", "{who} has no key"],
  canOpen: ["只有{who}能打开", "Only {who} can open it"],
  readBy: ["{who}读到的", "As read by {who}"],
  bytes: ["{n} 字节", "{n} B"],

  user: ["用户", "User"],
  handset: ["终端", "Handset"],
  maap: ["运营商", "Operator"],
  merchant: ["商户", "Merchant"],
  platform: ["支付机构", "Institution"],
  bank: ["银行", "Bank"],
};

/** The standard's steps of the native mode (Annex B.3), told in our own words. */
export const STEPS = [
  ["B.3(1)", "用户在商户应用号里选好商品", "The user picks goods in the merchant's Chatbot"],
  ["B.3(2)", "商户平台生成订单，向支付平台发起支付请求", "The merchant orders payment at the institution's platform"],
  ["B.3(3)", "支付平台受理，卡片拉起支付 SDK", "The platform accepts; the card opens the payment SDK"],
  ["B.3(4)", "用户在 SDK 内核对订单并输入密码", "The user reviews and enters the password in the SDK"],
  ["B.3(5)", "支付平台验证、扣款、通知商户，SDK 显示结果", "The platform verifies, debits and notifies; the SDK shows the result"],
  ["B.3(6)", "商户应用号向用户展示结果", "The merchant's Chatbot shows the result"],
];

const asked = new URLSearchParams(location.search).get("lang");
let language = asked ?? (localStorage.getItem("language") || "zh");

/** `zh` or `en`. */
export const lang = () => language;

/** Switches the language and remembers it. */
export function setLang(next) {
  language = next;
  localStorage.setItem("language", next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

/** A sentence of this page; `{name}` and the like are filled from `values`. */
export function word(name, values = {}) {
  const text = WORDS[name][language === "zh" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** A sentence that the program sent in two languages. */
export const say = (text) => text?.[language] ?? "";
