package io.msgpay.android

import io.msgpay.HostFault
import io.msgpay.MsgPayException
import io.msgpay.Outcome
import io.msgpay.Todo
import io.msgpay.Why
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Pages of a web view: their port, and the payments that they begin and confirm. */
@RunWith(SdkRunner::class)
@Config(sdk = [35], application = HouseApp::class, qualifiers = "zh-rCN-w390dp-h844dp-mdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
class WebBridgeTest {
    @get:Rule
    val house = House()

    private val outcomes = mutableListOf<Outcome>()
    private val faults = mutableListOf<MsgPayException>()

    private fun bridge(page: PageOnScreen, vararg origins: String) =
        house.ask { MsgPayWebBridge.open(house.chat, page, this, origins.toList(), faults::add) { outcomes += it } }

    @Test
    fun `a page's payment is typed above it and confirmed by it`() {
        house.setPassword()
        val page = PageOnScreen(house.chat)
        bridge(page, SHOP).use { bridge ->
            page.load(bridge, "$SHOP:443/basket?of=3", SHOP)
            val order = house.stage.order(12_850)
            page.says("open", order.link)
            val sheet = house.sheet()
            sheet.waitFor("128.50")
            assertTrue(sheet.words, "青禾咖啡" in sheet.words && "签名" in sheet.words)
            sheet.press("支付 ¥128.50")
            House.wait("word of the keypad before any touch, it was told ${page.told}") { page.told.any { "\"length\":0" in it } }
            sheet.touchDigits(House.PASSWORD)
            sheet.waitForEntered(6)
            House.wait("six characters, it was told ${page.told}") { page.told.lastOrNull()?.contains("6") ?: false }
            sheet.touchCell(SheetOnScreen.CONFIRM)
            sheet.waitForEntered(6)
            assertTrue("the keypad's own key does not confirm", house.ask { unresolved() }.isEmpty() && page.told.none { "token" in it })

            page.says("submit")
            House.wait("the sealed request, it was told ${page.told}") { page.told.any { "token" in it } }
            assertTrue("no digit was told", page.told.none { House.PASSWORD in it })
            sheet.waitFor("结果确认中，请勿重复付款")
            assertEquals("the order of the link", order.payOrderNo, house.ask { unresolved() }.single().payOrderNo)
            // No merchant carries the token to the institution here: asking ends it, and it can never pay.
            sheet.press("查询结果")
            sheet.waitFor("未支付")
            assertFalse("only the page begins anew", "重新支付" in sheet.words)
            sheet.press("关闭")
            sheet.gone()
            House.wait("the outcome") { outcomes.isNotEmpty() }
            val reason = (outcomes.single() as Outcome.NotPaid).reason
            assertEquals(Why.Voided to Todo.TRY_AGAIN, reason.why to reason.todo)
            assertEquals(0, house.stage.debits(order))
        }
    }

    @Test
    fun `only a page of a listed origin gets a port`() {
        val port = { listed: String, url: String, origin: String ->
            val page = PageOnScreen(house.chat)
            bridge(page, listed).use { page.load(it, url, origin) }
            page.hasPort
        }
        assertTrue(port(SHOP, "$SHOP/", SHOP))
        assertTrue("what is listed decides", port(EVIL, "$EVIL/", EVIL))
        for (url in listOf("$EVIL/", "http://shop.example/", "$SHOP:444/", "$SHOP.evil.example/", "https://shop.example@evil.example/", "about:blank", "")) {
            assertFalse(url, port(SHOP, url, url.removeSuffix("/")))
        }
        assertFalse("it looks as listed and is not", port(SHOP, "$SHOP/", EVIL))
    }

    @Test
    fun `another document takes the payment back, and what the old one says is not heard`() {
        house.setPassword()
        val page = PageOnScreen(house.chat)
        bridge(page, SHOP).use { bridge ->
            page.load(bridge, "$SHOP/")
            val old = page.keepsPort()
            val order = house.stage.order(100)
            old("open", order.link)
            val sheet = house.sheet()
            sheet.press("支付")
            sheet.touchDigits("492")
            page.load(bridge, "$SHOP/other", SHOP)
            sheet.gone()
            House.wait("the outcome") { outcomes.isNotEmpty() }
            assertEquals(listOf(Outcome.Cancelled), outcomes)

            old("open", order.link)
            page.says("nonsense")
            House.wait("the answer to what came after it, it was told ${page.told}") { page.told.isNotEmpty() && "nonsense" !in page.told.last() }
            assertNull("the old one began nothing", shadowOf(house.chat).nextStartedActivity)
            page.says("open", order.link)
            house.sheet().waitFor("支付 ¥1.00")
            assertEquals(0, house.stage.debits(order))
        }
    }

    @Test
    fun `a page closes what it has just begun, and has one payment at a time`() {
        house.setPassword()
        val page = PageOnScreen(house.chat)
        bridge(page, SHOP).use { bridge ->
            page.load(bridge, "$SHOP/")
            page.says("open", house.stage.order(100).link)
            page.says("close")
            house.sheet().gone()
            House.wait("the outcome") { outcomes.isNotEmpty() }
            assertEquals(listOf(Outcome.Cancelled), outcomes)

            page.says("open", house.stage.order(200).link)
            val sheet = house.sheet()
            sheet.waitFor("支付 ¥2.00")
            page.says("open", house.stage.order(300).link)
            House.wait("a refusal, it was told ${page.told}") { "busy" in page.told.last() }
            assertTrue(sheet.words, "¥2.00" in sheet.words)
            assertEquals(emptyList<MsgPayException>(), faults)
        }
    }

    @Test
    fun `a phone that fails is told of, and ends nothing else`() {
        house.setPassword()
        val page = PageOnScreen(house.chat)
        bridge(page, SHOP).use { bridge ->
            page.load(bridge, "$SHOP/")
            FakeAndroidKeyStore.keys.values.removeIf { it is FakeAndroidKeyStore.HardwareKey }
            page.says("open", house.stage.order(100).link)
            val sheet = house.sheet()
            sheet.waitFor("暂时无法付款")
            sheet.press("关闭")
            sheet.gone()
            House.wait("the fault") { faults.isNotEmpty() }
            assertEquals(HostFault.KEYSTORE, (faults.single() as MsgPayException.Host).fault)
            assertEquals(emptyList<Outcome>(), outcomes)
        }
    }

    private companion object {
        const val SHOP = "https://shop.example"
        const val EVIL = "https://evil.example"
    }
}
