using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

public enum ItemKind : byte { None, Node, Boolean, Integer, Decimal, String, Date, DateTime, Time, Quantity, Type }

/// <summary>One item of a FHIRPath collection: an element of the tree or a computed System value. 32 bytes, no allocation for
/// numbers, dates and quantities. http://hl7.org/fhirpath/N1/#literals</summary>
public readonly struct Item
{
    private readonly record struct Words(long A, long B);

    /// <summary>Document, string, Unit or TypeName, by kind. For a string that is a stretch of the source: the Document, and its words say
    /// where.</summary>
    private readonly object? reference;
    private readonly Words words;

    public ItemKind Kind { get; }

    private Item(ItemKind kind, object? reference, Words words) => (Kind, this.reference, this.words) = (kind, reference, words);

    public static implicit operator Item(Node node) => node.IsMissing ? default : new(ItemKind.Node, node.Document, new(node.Index, 0));
    public static implicit operator Item(bool value) => new(ItemKind.Boolean, null, new(value ? 1 : 0, 0));
    public static implicit operator Item(int value) => new(ItemKind.Integer, null, new(value, 0));
    public static implicit operator Item(decimal value) => new(ItemKind.Decimal, null, Unsafe.BitCast<decimal, Words>(value));
    public static implicit operator Item(string value) => new(ItemKind.String, value, default);

    /// <param name="unit">A UCUM code, or the word of a calendar duration (`month`).</param>
    public static Item Quantity(decimal value, string unit) => Of(value, Unit.Calendar(unit) ?? Unit.Of(unit));

    internal static Item SliceOf(Document document, int start, int length) => new(ItemKind.String, document, new(start, length));
    internal static Item Of(in Moment moment) => new(moment.Kind, null, Unsafe.BitCast<Moment, Words>(moment));
    internal static Item Of(decimal value, Unit unit) => new(ItemKind.Quantity, unit, Unsafe.BitCast<decimal, Words>(value));
    internal static Item Of(TypeName type) => new(ItemKind.Type, type, default);

    public bool IsNone => Kind == ItemKind.None;
    public bool IsNode => Kind == ItemKind.Node;

    /// <summary>Valid for a Node.</summary>
    public Node Node => new(Unsafe.As<Document>(reference)!, (int)words.A);
    /// <summary>Valid for a Boolean.</summary>
    public bool Boolean => words.A != 0;
    /// <summary>Valid for an Integer.</summary>
    public int Integer => (int)words.A;
    /// <summary>Valid for a Decimal and a Quantity (its value).</summary>
    public decimal Decimal => Unsafe.BitCast<Words, decimal>(words);
    /// <summary>Valid for a Quantity: the UCUM code, or the word of a calendar duration (`month`).</summary>
    public string UnitCode => Unit.Code;
    /// <summary>True for a Quantity whose unit is a calendar duration.</summary>
    public bool HasCalendarUnit => Kind == ItemKind.Quantity && Unit.IsCalendar;

    internal string String => reference as string ?? Encoding.ASCII.GetString(Slice);
    /// <summary>True for a string that is still a stretch of the source.</summary>
    internal bool IsSlice => Kind == ItemKind.String && reference is Document;
    /// <summary>ASCII without escapes; valid for a slice.</summary>
    internal ReadOnlySpan<byte> Slice => Unsafe.As<Document>(reference)!.Slice((int)words.A, (int)words.B);
    /// <summary>A part of a slice.</summary>
    internal Item Part(int start, int length) => new(ItemKind.String, reference, new(words.A + start, length));
    internal Moment Moment => Unsafe.BitCast<Words, Moment>(words);
    internal Unit Unit => Unsafe.As<Unit>(reference)!;
    internal TypeName Type => Unsafe.As<TypeName>(reference)!;

    /// <summary>`FHIR.code`, `System.Integer`.</summary>
    public string TypeName => Values.TypeName.Of(this).ToString();

    /// <summary>The value as `toString()` gives it; for a node its text, null when it has none.</summary>
    public string? Text => Kind switch
    {
        ItemKind.Node => Node.Text,
        ItemKind.Boolean => Boolean ? "true" : "false",
        ItemKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        ItemKind.Decimal => Decimal.ToString(CultureInfo.InvariantCulture),
        ItemKind.String => String,
        ItemKind.Date or ItemKind.DateTime or ItemKind.Time => Moment.ToString(),
        ItemKind.Quantity => $"{Decimal.ToString(CultureInfo.InvariantCulture)} {Unit}",
        ItemKind.Type => Type.ToString(),
        _ => null
    };

    public override string ToString() => Kind == ItemKind.None ? "{}" : Text ?? Node.Location;
}
