using FhirCarePlan.Fhir.FhirPath.Functions;
using FhirCarePlan.Fhir.FhirPath.Syntax;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>`is` and `as`, as operators and as functions. http://hl7.org/fhirpath/N1/#types</summary>
internal static class TypeTests
{
    public static Code Is(Code input, Term term, TypeName type)
    {
        if (term is Invocation { Name: "resolve" } resolve) return Resolution.TargetIs(resolve, type);
        var run = input.Run;
        return Code.OfTruth(e =>
        {
            var start = e.Top;
            run(e);
            if (!e.TakeOne(start, out var item, "is")) return Truth.Empty;
            return type.Includes(item) ? Truth.True : Truth.False;
        });
    }

    /// <summary>Passes items of the type. Several items are an error where only one makes sense (`name.as(HumanName)`). R4's own
    /// definitions use it on choices that repeat (`component.value as Quantity`) and on `descendants()` (dom-3), where it
    /// filters.</summary>
    public static Code As(Code input, Term term, TypeName type)
    {
        var (run, isWalk) = (input.Run, term is Invocation { Name: "descendants" or "children" });
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            if (e.Top - start > 1 && !isWalk && AreAlike(e.From(start)))
                throw new FhirPathException($"`as` expects one item, found {e.Top - start}");
            Filtering.KeepType(e, start, type);
        });
    }

    /// <summary>Whether the items could not differ in type: repetitions of one element, or computed values.</summary>
    private static bool AreAlike(ReadOnlySpan<Item> items)
    {
        if (!items[0].IsNode) return true;
        var element = items[0].Node.Element;
        if (element is null || element.IsChoice || element.Types is not [{ Type.IsAbstract: false }]) return false;
        foreach (ref readonly var item in items)
            if (!item.IsNode || item.Node.Element != element) return false;
        return true;
    }
}
