package io.msgpay.android

import org.junit.rules.TestRule
import org.junit.runner.Description
import org.junit.runners.model.Statement
import org.robolectric.RuntimeEnvironment

/** How large the person has set the letters. */
@Retention(AnnotationRetention.RUNTIME)
annotation class Scaled(val by: Float)

/** Sets it before anything is drawn. */
class FontScale : TestRule {
    override fun apply(base: Statement, description: Description) = object : Statement() {
        override fun evaluate() {
            RuntimeEnvironment.setFontScale(description.getAnnotation(Scaled::class.java)?.by ?: 1f)
            base.evaluate()
        }
    }
}
