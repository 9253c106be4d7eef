using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>Makes the element that an operation brings: of a data type, of a resource, or of parts that are the children of an element without
/// a name of its own. Its type must be right for its place. https://hl7.org/fhir/R4/fhirpatch.html</summary>
internal sealed class PatchValue(PatchBudget budget)
{
    /// <summary>The budget was not enough for it.</summary>
    public bool IsTooCostly { get; private set; }

    /// <returns>What is wrong; null when it is made.</returns>
    /// <param name="parent">The type of the element it goes into.</param>
    /// <param name="given">A parameter or part with `value[x]`, `resource` or `part`.</param>
    /// <param name="depth">Of the element it goes into.</param>
    public string? Make(TypeInfo parent, string name, Node given, int depth, out PatchedElement? made)
    {
        made = null;
        var (value, resource) = (given["value"], given["resource"]);
        var hasParts = !given["part"].IsMissing;
        if ((value.IsMissing ? 0 : 1) + (resource.IsMissing ? 0 : 1) + (hasParts ? 1 : 0) != 1)
            return $"{PatchFault.Shown(name)} needs one of `value[x]`, `resource` and `part`";
        var type = value.IsMissing ? null : value.Type;
        if (Property(parent, name, type) is not { } property)
            return $"`{parent.Name}` has no element {PatchFault.Shown(name)}{(type is null ? "" : $" of the type `{type.Name}`")}";
        if (hasParts) return OfParts(property, given, depth, out made);
        if (!resource.IsMissing && !property.Type.IsResource || type != null && !Fits(type, property.Type))
            return $"{PatchFault.Shown(name)} must be of the type `{property.Type.Name}`, not `{(type ?? resource.Type).Name}`";
        return Copy(property, value.IsMissing ? resource : value, depth + 1, out made);
    }

    private string? OfParts(PropertyInfo property, Node given, int depth, out PatchedElement? made)
    {
        made = null;
        if (property.Type.IsPrimitive || property.Type.IsResource) return $"`{property.JsonName}` cannot be given in parts";
        if (depth >= PatchBudget.Deepest) return "it is nested too deep";
        var element = new PatchedElement(property, property.Type);
        foreach (var part in given.All("part"))
        {
            if (part.TextOf("name") is not { } name) return "a part needs a `name`";
            if (Make(property.Type, name, part, depth + 1, out var child) is { } fault) return fault;
            if (!child!.Property!.Element.IsCollection && element.All(child.Property.Element).Count > 0)
                return $"{PatchFault.Shown(name)} occurs at most once in `{property.JsonName}`";
            element.Add(child);
        }
        made = element;
        return null;
    }

    private string? Copy(PropertyInfo property, Node node, int depth, out PatchedElement? made)
    {
        made = null;
        if (depth > PatchBudget.Deepest) return "it is nested too deep";
        var element = new PatchedElement(property, property.Type.IsResource ? node.Type : property.Type) { Token = PatchedElement.TokenOf(node) };
        IsTooCostly |= !budget.Spend(element.Token.Length + PatchBudget.Node);
        if (IsTooCostly) return "it is too large";
        foreach (var child in node.Children)
        {
            if (element.Type.Property(child.Property!.JsonName) is not { } own) return $"`{element.Type.Name}` has no `{child.Property.JsonName}`";
            if (Copy(own, child, depth + 1, out var copy) is { } fault) return fault;
            element.Add(copy!);
        }
        made = element;
        return null;
    }

    /// <summary>`value` of a choice becomes `valueDate` by the type that is given.</summary>
    /// <param name="given">Null where it is not a data type.</param>
    private static PropertyInfo? Property(TypeInfo parent, string name, TypeInfo? given)
    {
        if (parent.Element(name) is { IsChoice: true })
            return given is null ? null : parent.Property(name + char.ToUpperInvariant(given.Name[0]) + given.Name[1..]);
        return parent.Property(name) is { IsCompanion: false } property ? property : null;
    }

    /// <summary>The patch may give a string for a code, or an Age for a Quantity. The parser checks the value itself when it reads the result.</summary>
    private static bool Fits(TypeInfo given, TypeInfo wanted) =>
        given.IsPrimitive || wanted.IsPrimitive
            ? given.IsPrimitive && wanted.IsPrimitive && given.JsonKind() == wanted.JsonKind()
            : given.Is(wanted.Name) || wanted.Is(given.Name);
}
