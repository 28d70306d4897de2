package io.msgpay.desktop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.msgpay.ActivationOutcome;
import io.msgpay.Face;
import io.msgpay.Key;
import io.msgpay.KeyKind;
import io.msgpay.Keypad;
import io.msgpay.MsgPayFutures;
import io.msgpay.PasswordOutcome;
import io.msgpay.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A caller in Java: activates and sets a password, by futures alone. */
public class JavaTest {
    private final ExecutorService main = Executors.newSingleThreadExecutor();
    private final ExecutorService person = Executors.newSingleThreadExecutor();

    @Test
    public void aPasswordIsSetFromJava() throws Exception {
        var phone = new DesktopPhone();
        try (var stage = new Stage();
                var msgpay = MsgPayFutures.open(stage.getConfig(), phone.getCapabilities(), main).get(30, TimeUnit.SECONDS)) {
            var activated = msgpay.activate(stage.getInstitution(), stage.activationCode()).get(30, TimeUnit.SECONDS);
            assertTrue(activated instanceof ActivationOutcome.Activated);
            var session = msgpay.setPassword(stage.getInstitution()).get(30, TimeUnit.SECONDS);
            var outcome = msgpay.run(session, step -> {
                if (step instanceof Step.Review) {
                    ((Step.Review<?>) step).accept();
                } else if (step instanceof Step.EnterPassword) {
                    // The main thread never waits: the person has a thread of its own.
                    person.execute(() -> type(stage, msgpay, phone, (Step.EnterPassword) step));
                }
            }).get(60, TimeUnit.SECONDS);
            assertTrue(outcome instanceof PasswordOutcome.Set);
            assertNotNull(msgpay.membership(stage.getInstitution()).get(30, TimeUnit.SECONDS));
            assertEquals(List.of(), msgpay.unresolved().get(30, TimeUnit.SECONDS));
        } finally {
            main.shutdown();
            person.shutdown();
        }
    }

    private static void type(Stage stage, MsgPayFutures msgpay, DesktopPhone phone, Step.EnterPassword step) {
        Keypad keypad = msgpay.open(step.getEntry(), phone.getSurface(), 96).join();
        List<Key> keys = keypad.getKeys().stream().filter(key -> key.getKind() == KeyKind.CHARACTER).toList();
        List<Face> faces = new ArrayList<>();
        keys.forEach(key -> faces.add(keypad.face(key)));
        List<Integer> digits = stage.read(faces);
        faces.forEach(Face::close);
        for (int digit : new int[] {4, 9, 2, 7, 1, 8}) {
            keypad.press(keys.get(digits.indexOf(digit)));
        }
        msgpay.confirm(keypad).join();
    }
}
