package android.bluetooth;

/** Named by a method of BluetoothDevice and absent from Robolectric's Android: a sound that is played asks for it. */
public final class BluetoothDevice$BluetoothAddress {}
