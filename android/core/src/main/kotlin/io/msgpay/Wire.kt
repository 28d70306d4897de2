package io.msgpay

/** One kind of native session, seen as all kinds are. Each call may throw what the library throws. */
internal interface Wire<R : Any, O : Any> {
    fun turn(): Turn<R, O>

    fun answered(answer: io.msgpay.Answer?)

    fun accept(review: R)

    fun entered(sealed: NativeSealedEntry)

    fun confirmed(signature: ByteArray): Unit = throw misuse(CallFault.OUT_OF_TURN)

    fun byPassword(): Unit = throw misuse(CallFault.OUT_OF_TURN)

    fun biometricLost(): Unit = throw misuse(CallFault.OUT_OF_TURN)

    fun resolve(): Unit = throw misuse(CallFault.OUT_OF_TURN)

    fun cancel(): O

    fun free()
}

/** What a native session wants now. */
internal sealed interface Turn<out R : Any, out O : Any> {
    class Send(val request: Request) : Turn<Nothing, Nothing>

    class Review<R : Any>(val review: R) : Turn<R, Nothing>

    class Enter(val entry: NativeEntry) : Turn<Nothing, Nothing>

    class Confirm(val confirmation: Confirmation) : Turn<Nothing, Nothing>

    class Working(val retryAfterMs: Long) : Turn<Nothing, Nothing>

    class Unresolved(val institution: String, val payOrderNo: String) : Turn<Nothing, Nothing>

    class Concluded<O : Any>(val outcome: O) : Turn<Nothing, O>
}

internal class PaymentWire(private val native: NativePayment) : Wire<Review, Outcome> {
    override fun turn() = when (val step = native.step()) {
        is PaymentStep.Send -> Turn.Send(step.request)
        is PaymentStep.Review -> Turn.Review(step.review)
        is PaymentStep.EnterPassword -> Turn.Enter(step.entry)
        is PaymentStep.ConfirmBiometric -> Turn.Confirm(step.confirmation)
        is PaymentStep.Working -> Turn.Working(step.retryAfterMs.toLong())
        is PaymentStep.Unresolved -> Turn.Unresolved(step.institution, step.payOrderNo)
        is PaymentStep.Concluded -> Turn.Concluded(step.outcome)
    }

    override fun answered(answer: Answer?) {
        try {
            native.answered(answer)
        } catch (fault: MsgPayException.Call) {
            // A page has turned it back meanwhile: the next step says so.
            if (fault.fault != CallFault.CLOSED) throw fault
        }
    }

    override fun accept(review: Review) = native.accept(review)

    override fun entered(sealed: NativeSealedEntry) = native.entered(sealed)

    override fun confirmed(signature: ByteArray) = native.confirmed(direct(signature))

    override fun byPassword() = native.byPassword()

    override fun biometricLost() = native.biometricLost()

    override fun resolve() = native.resolve()

    override fun cancel() = native.cancel()

    override fun free() = native.close()
}

internal class PasswordWire(private val native: NativePasswordSetup) : Wire<PasswordReview, PasswordOutcome> {
    override fun turn() = when (val step = native.step()) {
        is PasswordStep.Send -> Turn.Send(step.request)
        is PasswordStep.Review -> Turn.Review(step.review)
        is PasswordStep.EnterPassword -> Turn.Enter(step.entry)
        is PasswordStep.Concluded -> Turn.Concluded(step.outcome)
    }

    override fun answered(answer: Answer?) = native.answered(answer)

    override fun accept(review: PasswordReview) = native.accept(review)

    override fun entered(sealed: NativeSealedEntry) = native.entered(sealed)

    override fun cancel() = native.cancel()

    override fun free() = native.close()
}

internal class EnrolmentWire(private val native: NativeEnrolment) : Wire<BiometricReview, EnrolmentOutcome> {
    override fun turn() = when (val step = native.step()) {
        is EnrolmentStep.Send -> Turn.Send(step.request)
        is EnrolmentStep.Review -> Turn.Review(step.review)
        is EnrolmentStep.EnterPassword -> Turn.Enter(step.entry)
        is EnrolmentStep.ConfirmBiometric -> Turn.Confirm(step.confirmation)
        is EnrolmentStep.Concluded -> Turn.Concluded(step.outcome)
    }

    override fun answered(answer: Answer?) = native.answered(answer)

    override fun accept(review: BiometricReview) = native.accept(review)

    override fun entered(sealed: NativeSealedEntry) = native.entered(sealed)

    override fun confirmed(signature: ByteArray) = native.confirmed(direct(signature))

    override fun cancel() = native.cancel()

    override fun free() = native.close()
}
