using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>One operation of a FHIRPath Patch as it was sent. https://hl7.org/fhir/R4/fhirpatch.html</summary>
internal sealed record PatchOperation(int Number, string Type, string Path)
{
    private static readonly Dictionary<string, string[]> Needs = new(StringComparer.Ordinal)
    {
        ["add"] = ["name", "value"], ["insert"] = ["index", "value"], ["delete"] = [], ["replace"] = ["value"], ["move"] = ["source", "destination"],
    };

    public string? Name { get; private init; }
    /// <summary>The part called `value`.</summary>
    public Node Value { get; private init; }
    public int Index { get; private init; }
    public int Source { get; private init; }
    public int Destination { get; private init; }

    public string Location => $"Parameters.parameter[{Number}]";

    /// <summary>Reads one operation. Returns null and sets the fault if it is not one.</summary>
    public static PatchOperation? Read(Node parameter, int number, out Issue? fault)
    {
        fault = Of(parameter, number, out var read) is { } text ? PatchFault.Malformed(number, text, $"Parameters.parameter[{number}]") : null;
        return fault is null ? read : null;
    }

    private static string? Of(Node parameter, int number, out PatchOperation? read)
    {
        read = null;
        if (parameter.TextOf("name") is not "operation") return "each parameter is called `operation`";
        var parts = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var part in parameter.All("part"))
            if (!parts.TryAdd(part.TextOf("name") ?? "", part)) return $"the part {PatchFault.Shown(part.TextOf("name") ?? "")} is there twice";
        if (Text(parts, "type") is not { } type) return "the part `type` is missing";
        if (!Needs.TryGetValue(type, out var needs)) return $"{PatchFault.Shown(type)} is not a type; it must be {string.Join(", ", Needs.Keys)}";
        if (Text(parts, "path") is not { } path) return "the part `path` is missing";
        foreach (var need in needs)
            if (!parts.ContainsKey(need)) return $"the part `{need}` is missing";
        foreach (var name in parts.Keys)
            if (name is not ("type" or "path") && !needs.Contains(name)) return $"the type `{type}` has no part {PatchFault.Shown(name)}";
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in needs.Where(n => n is "index" or "source" or "destination"))
            if (int.TryParse(Text(parts, name), out var value) && value >= 0) numbers[name] = value;
            else return $"the part `{name}` is a whole number from 0";
        if (needs.Contains("name") && Text(parts, "name") is null) return "the part `name` has no value";
        read = new PatchOperation(number, type, path)
        {
            Name = Text(parts, "name"),
            Value = parts.GetValueOrDefault("value"),
            Index = numbers.GetValueOrDefault("index"),
            Source = numbers.GetValueOrDefault("source"),
            Destination = numbers.GetValueOrDefault("destination"),
        };
        return null;
    }

    private static string? Text(Dictionary<string, Node> parts, string name) =>
        parts.GetValueOrDefault(name) is { IsMissing: false } part ? part["value"].Text : null;
}
