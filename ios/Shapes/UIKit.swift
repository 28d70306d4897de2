// The shapes of UIKit's and Core Graphics' declarations that this package uses, so that a compiler on Linux reads its
// views. Nothing here is linked into anything; what a shape does is nobody's concern.
@_exported import Foundation

public struct CGColor: Sendable {}

open class CGContext {
  open func saveGState() {}
  open func restoreGState() {}
  open func translateBy(x: CGFloat, y: CGFloat) {}
  open func scaleBy(x: CGFloat, y: CGFloat) {}
  open func clip(to rect: CGRect, mask: CGImage) {}
  open func fill(_ rect: CGRect) {}
}

open class CGDataProvider {
  public init?(
    dataInfo info: UnsafeMutableRawPointer?, data: UnsafeRawPointer, size: Int,
    releaseData: @convention(c) (UnsafeMutableRawPointer?, UnsafeRawPointer, Int) -> Void
  ) { nil }
}

open class CGImage {
  public init?(
    maskWidth: Int, height: Int, bitsPerComponent: Int, bitsPerPixel: Int, bytesPerRow: Int, provider: CGDataProvider,
    decode: UnsafePointer<CGFloat>?, shouldInterpolate: Bool
  ) { nil }
}

@MainActor public func UIGraphicsGetCurrentContext() -> CGContext? { nil }

public final class UIColor: NSObject, @unchecked Sendable {
  public init(red: CGFloat, green: CGFloat, blue: CGFloat, alpha: CGFloat) {}
  public init(dynamicProvider: @escaping (UITraitCollection) -> UIColor) {}
  public class var clear: UIColor { .label }
  public class var white: UIColor { .label }
  public class var label: UIColor { UIColor(red: 0, green: 0, blue: 0, alpha: 1) }
  public class var secondaryLabel: UIColor { .label }
  public class var separator: UIColor { .label }
  public class var systemBackground: UIColor { .label }
  public class var secondarySystemBackground: UIColor { .label }
  public func setFill() {}
  public func setStroke() {}
}

public enum UIUserInterfaceStyle: Int { case unspecified, light, dark }
public enum UIUserInterfaceSizeClass: Int { case unspecified, compact, regular }

public struct UIContentSizeCategory: Sendable {
  public var isAccessibilityCategory: Bool { false }
}

open class UITraitCollection: NSObject {
  open var userInterfaceStyle: UIUserInterfaceStyle { .light }
  open var verticalSizeClass: UIUserInterfaceSizeClass { .regular }
  open var preferredContentSizeCategory: UIContentSizeCategory { UIContentSizeCategory() }
  open var displayScale: CGFloat { 3 }
}

open class UIFont: NSObject {
  public struct TextStyle: Sendable {
    public static let largeTitle = TextStyle()
    public static let headline = TextStyle()
    public static let subheadline = TextStyle()
    public static let callout = TextStyle()
    public static let footnote = TextStyle()
  }
  public struct Weight: Sendable { public static let light = Weight() }
  open class func preferredFont(forTextStyle style: TextStyle) -> UIFont { UIFont() }
  open class func monospacedDigitSystemFont(ofSize size: CGFloat, weight: Weight) -> UIFont { UIFont() }
}

open class UIFontMetrics: NSObject {
  public init(forTextStyle style: UIFont.TextStyle) {}
  open func scaledFont(for font: UIFont) -> UIFont { font }
}

public struct UIAccessibilityTraits: OptionSet, Sendable {
  public let rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  public static let keyboardKey = UIAccessibilityTraits(rawValue: 1)
  public static let updatesFrequently = UIAccessibilityTraits(rawValue: 2)
}

@MainActor
public enum UIAccessibility {
  public struct Notification: Sendable {
    public static let screenChanged = Notification()
    public static let announcement = Notification()
  }
  public static var isVoiceOverRunning: Bool { false }
  public static var isReduceMotionEnabled: Bool { false }
  public static func post(notification: Notification, argument: Any?) {}
}

@MainActor
open class UIAccessibilityElement: NSObject {
  public init(accessibilityContainer container: Any) {}
  open var accessibilityLabel: String?
  open var accessibilityTraits: UIAccessibilityTraits = []
  open var accessibilityFrameInContainerSpace = CGRect.zero
  open func accessibilityElementDidBecomeFocused() {}
  open func accessibilityActivate() -> Bool { false }
}

@MainActor
open class UIResponder: NSObject {
  open func touchesBegan(_ touches: Set<UITouch>, with event: UIEvent?) {}
}

@MainActor open class UIEvent: NSObject {}

@MainActor
open class UITouch: NSObject {
  open func location(in view: UIView?) -> CGPoint { .zero }
}

@MainActor
open class CALayer: NSObject {
  open var cornerRadius: CGFloat = 0
}

@MainActor
open class NSLayoutAnchor<Kind>: NSObject {
  open func constraint(equalTo anchor: NSLayoutAnchor<Kind>) -> NSLayoutConstraint { NSLayoutConstraint() }
  open func constraint(equalTo anchor: NSLayoutAnchor<Kind>, constant: CGFloat) -> NSLayoutConstraint {
    NSLayoutConstraint()
  }
}

public enum NSLayoutXAxisKind {}
public enum NSLayoutYAxisKind {}
public typealias NSLayoutXAxisAnchor = NSLayoutAnchor<NSLayoutXAxisKind>
public typealias NSLayoutYAxisAnchor = NSLayoutAnchor<NSLayoutYAxisKind>

@MainActor
open class NSLayoutDimension: NSObject {
  open func constraint(greaterThanOrEqualToConstant: CGFloat) -> NSLayoutConstraint { NSLayoutConstraint() }
}

@MainActor
open class NSLayoutConstraint: NSObject {
  public enum Axis: Int { case horizontal, vertical }
  open class func activate(_ constraints: [NSLayoutConstraint]) {}
}

public struct UILayoutPriority: Sendable {
  public static let required = UILayoutPriority()
}

@MainActor
open class UILayoutGuide: NSObject {
  open var topAnchor: NSLayoutYAxisAnchor { NSLayoutYAxisAnchor() }
  open var bottomAnchor: NSLayoutYAxisAnchor { NSLayoutYAxisAnchor() }
  open var leadingAnchor: NSLayoutXAxisAnchor { NSLayoutXAxisAnchor() }
  open var trailingAnchor: NSLayoutXAxisAnchor { NSLayoutXAxisAnchor() }
}

@MainActor
open class UIView: UIResponder {
  public enum ContentMode: Int { case redraw, center }
  public init(frame: CGRect) { super.init() }
  public required init?(coder: NSCoder) { nil }
  public override convenience init() { self.init(frame: .zero) }
  open class var noIntrinsicMetric: CGFloat { -1 }
  open var bounds = CGRect.zero
  open var frame = CGRect.zero
  open var backgroundColor: UIColor?
  open var tintColor: UIColor?
  open var isHidden = false
  open var isMultipleTouchEnabled = false
  open var contentMode = ContentMode.redraw
  open var translatesAutoresizingMaskIntoConstraints = true
  open var layer: CALayer { CALayer() }
  open var window: UIWindow? { nil }
  open var traitCollection: UITraitCollection { UITraitCollection() }
  open var intrinsicContentSize: CGSize { .zero }
  open var safeAreaLayoutGuide: UILayoutGuide { UILayoutGuide() }
  open var topAnchor: NSLayoutYAxisAnchor { NSLayoutYAxisAnchor() }
  open var bottomAnchor: NSLayoutYAxisAnchor { NSLayoutYAxisAnchor() }
  open var leadingAnchor: NSLayoutXAxisAnchor { NSLayoutXAxisAnchor() }
  open var trailingAnchor: NSLayoutXAxisAnchor { NSLayoutXAxisAnchor() }
  open var heightAnchor: NSLayoutDimension { NSLayoutDimension() }
  open var isAccessibilityElement = false
  open var accessibilityLabel: String?
  open var accessibilityTraits: UIAccessibilityTraits = []
  open var accessibilityElements: [Any]?
  open func addSubview(_ view: UIView) {}
  open func removeFromSuperview() {}
  open func layoutSubviews() {}
  open func setNeedsDisplay() {}
  open func invalidateIntrinsicContentSize() {}
  open func draw(_ rect: CGRect) {}
  open func didMoveToWindow() {}
  open func setContentHuggingPriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {}
}

@MainActor open class UIWindow: UIView {}

public enum NSTextAlignment: Int { case left, right, center }

@MainActor
open class UILabel: UIView {
  open var text: String?
  open var font: UIFont?
  open var textColor: UIColor?
  open var textAlignment = NSTextAlignment.left
  open var numberOfLines = 1
  open var adjustsFontForContentSizeCategory = false
}

open class UIImage: NSObject {
  open class SymbolConfiguration: NSObject {
    public init(pointSize: CGFloat, weight: SymbolWeight) {}
  }
  public enum SymbolWeight: Int { case light }
  public init?(systemName: String) { nil }
}

@MainActor
open class UIImageView: UIView {
  public convenience init(image: UIImage?) { self.init(frame: .zero) }
  open var image: UIImage?
  open var preferredSymbolConfiguration: UIImage.SymbolConfiguration?
}

@MainActor
open class UIActivityIndicatorView: UIView {
  public enum Style: Int { case medium }
  public convenience init(style: Style) { self.init(frame: .zero) }
  open func startAnimating() {}
  open func stopAnimating() {}
}

@MainActor
open class UIStackView: UIView {
  public enum Distribution: Int { case fill, fillEqually }
  public enum Alignment: Int { case fill, center }
  public convenience init(arrangedSubviews views: [UIView]) { self.init(frame: .zero) }
  open var arrangedSubviews: [UIView] { [] }
  open var axis = NSLayoutConstraint.Axis.horizontal
  open var spacing: CGFloat = 0
  open var distribution = Distribution.fill
  open var alignment = Alignment.fill
  open func addArrangedSubview(_ view: UIView) {}
}

@MainActor
open class UIScrollView: UIView {
  open var contentLayoutGuide: UILayoutGuide { UILayoutGuide() }
  open var frameLayoutGuide: UILayoutGuide { UILayoutGuide() }
}

@MainActor
open class UIAction: NSObject {
  public init(handler: @escaping (UIAction) -> Void) {}
}

@MainActor
open class UIControl: UIView {
  public struct Event: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let primaryActionTriggered = Event(rawValue: 1)
  }
  public struct State: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let normal: State = []
  }
  open func addAction(_ action: UIAction, for events: Event) {}
}

@MainActor
open class UIButton: UIControl {
  public enum ButtonType: Int { case system, close }
  public convenience init(type: ButtonType) { self.init(frame: .zero) }
  open var titleLabel: UILabel? { nil }
  open func setTitle(_ title: String?, for state: State) {}
  open func setTitleColor(_ colour: UIColor?, for state: State) {}
}

@MainActor
open class UIBezierPath: NSObject {
  public init(roundedRect rect: CGRect, cornerRadius: CGFloat) {}
  public init(ovalIn rect: CGRect) {}
  open func fill() {}
  open func stroke() {}
}

@MainActor
open class UIScreen: NSObject {
  public class var main: UIScreen { UIScreen() }
  open var isCaptured: Bool { false }
  open var bounds: CGRect { .zero }
  public nonisolated class var capturedDidChangeNotification: Notification.Name { Notification.Name("captured") }
}

@MainActor
open class UIApplication: UIResponder {
  public enum State: Int { case active, inactive, background }
  public class var shared: UIApplication { UIApplication() }
  open var applicationState: State { .active }
  public nonisolated class var userDidTakeScreenshotNotification: Notification.Name { Notification.Name("shot") }
  public nonisolated class var willResignActiveNotification: Notification.Name { Notification.Name("resign") }
  public nonisolated class var didBecomeActiveNotification: Notification.Name { Notification.Name("active") }
}

@MainActor
open class UIPresentationController: NSObject {
  public weak var delegate: (any UIAdaptivePresentationControllerDelegate)?
}

@MainActor
public protocol UIAdaptivePresentationControllerDelegate: AnyObject {
  func presentationControllerShouldDismiss(_ presentationController: UIPresentationController) -> Bool
}

@MainActor
open class UISheetPresentationController: UIPresentationController {
  open class Detent: NSObject {
    public struct Identifier: Sendable { public static let medium = Identifier() }
    public class func medium() -> Detent { Detent() }
    public class func large() -> Detent { Detent() }
  }
  open var detents: [Detent] = []
  open var preferredCornerRadius: CGFloat?
  open var largestUndimmedDetentIdentifier: Detent.Identifier?
}

public enum UIModalPresentationStyle: Int { case pageSheet }

@MainActor
open class UIViewController: UIResponder {
  public init(nibName: String?, bundle: Bundle?) { super.init() }
  public required init?(coder: NSCoder) { nil }
  public override convenience init() { self.init(nibName: nil, bundle: nil) }
  open var view: UIView { UIView() }
  open var viewIfLoaded: UIView? { nil }
  open var isBeingDismissed: Bool { false }
  open var presentingViewController: UIViewController? { nil }
  open var presentedViewController: UIViewController? { nil }
  open var traitCollection: UITraitCollection { UITraitCollection() }
  open var modalPresentationStyle = UIModalPresentationStyle.pageSheet
  open var presentationController: UIPresentationController? { nil }
  open var sheetPresentationController: UISheetPresentationController? { nil }
  open func viewDidLoad() {}
  open func viewDidDisappear(_ animated: Bool) {}
  open func traitCollectionDidChange(_ previous: UITraitCollection?) {}
  open func present(_ controller: UIViewController, animated: Bool, completion: (() -> Void)? = nil) {}
  open func dismiss(animated: Bool, completion: (() -> Void)? = nil) {}
}
