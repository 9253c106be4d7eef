using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Decides membership from a value set's definition, as far as the code systems at hand allow.
/// https://hl7.org/fhir/R4/valueset.html#compositions</summary>
internal sealed class ValueSetCodes : ICodes
{
    private readonly List<Part> includes = [], excludes = [];

    private ValueSetCodes(string canonical) => Canonical = canonical;

    public string Canonical { get; }
    public IReadOnlyList<string> Some => [.. includes.SelectMany(i => i.Some).Take(8)];

    public static ValueSetCodes Read(Node root, DefinitionSet definitions)
    {
        var set = new ValueSetCodes(root.TextOf("url") ?? "");
        var compose = root["compose"];
        if (compose.IsMissing)
        {
            // Only an expansion: it lists what there is.
            foreach (var contains in root["expansion"].All("contains")) AddExpansion(contains, set.includes, definitions);
            if (set.includes.Count == 0) set.includes.Add(new Part(default, definitions));
        }
        foreach (var include in compose.All("include")) set.includes.Add(new Part(include, definitions));
        foreach (var exclude in compose.All("exclude")) set.excludes.Add(new Part(exclude, definitions));
        return set;
    }

    public bool? Contains(string? system, string code) => Contains(Encoding.UTF8.GetBytes(system ?? ""), Encoding.UTF8.GetBytes(code));

    public bool? Contains(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code)
    {
        var included = Any(includes, system, code);
        return included == false ? false : Any(excludes, system, code) switch { true => false, null => null, false => included };
    }

    private static bool? Any(List<Part> parts, ReadOnlySpan<byte> system, ReadOnlySpan<byte> code)
    {
        bool? result = false;
        foreach (var part in parts)
        {
            var one = part.Contains(system, code);
            if (one == true) return true;
            result = one == null ? null : result;
        }
        return result;
    }

    private static void AddExpansion(Node contains, List<Part> parts, DefinitionSet definitions)
    {
        if (contains.TextOf("abstract") != "true" && contains.TextOf("code") is { } code) parts.Add(new Part(contains, definitions, code));
        foreach (var child in contains.All("contains")) AddExpansion(child, parts, definitions);
    }

    /// <summary>One include or exclude; all that it states must hold together.</summary>
    private sealed class Part
    {
        private readonly DefinitionSet definitions;
        private readonly string? system;
        private readonly byte[] systemUtf8;
        private readonly List<string>? concepts;
        private readonly Utf8Table<bool>? conceptTable;
        private readonly List<ConceptFilter> filters = [];
        private readonly List<string> valueSets;
        private readonly bool isEmpty;
        private readonly ICodes?[] others;
        private CodeSystemCodes? known;
        private bool isResolved;
        [ThreadStatic] private static int depth;

        public Part(Node part, DefinitionSet definitions, string? onlyCode = null)
        {
            this.definitions = definitions;
            isEmpty = part.IsMissing;
            system = part.TextOf("system");
            systemUtf8 = Encoding.UTF8.GetBytes(system ?? "");
            valueSets = onlyCode != null ? [] : Profiles.ElementReader.Texts(part, "valueSet");
            others = new ICodes?[valueSets.Count];
            if (onlyCode != null) concepts = [onlyCode];
            else if (!part["concept"].IsMissing)
                concepts = [.. part.All("concept").ToList().Select(c => c.TextOf("code") ?? "")];
            if (concepts != null) conceptTable = new Utf8Table<bool>(concepts.Distinct().Select(c => KeyValuePair.Create(c, true)));
            foreach (var filter in part.All("filter"))
                filters.Add(new ConceptFilter(filter.TextOf("property") ?? "", filter.TextOf("op") ?? "", filter.TextOf("value") ?? ""));
        }

        public IEnumerable<string> Some =>
            concepts ?? (system != null && filters.Count == 0 ? Known?.Codes as IEnumerable<string> : null) ?? [];

        /// <summary>The code system of the part; looked up when first asked for, since systems and sets refer to each other.</summary>
        private CodeSystemCodes? Known
        {
            get
            {
                if (isResolved) return known;
                known = definitions.CodeSystem(system!);
                isResolved = true;
                return known;
            }
        }

        /// <param name="askedSystem">Empty for any.</param>
        public bool? Contains(ReadOnlySpan<byte> askedSystem, ReadOnlySpan<byte> code)
        {
            if (isEmpty) return null;
            bool? result = true;
            if (system != null)
            {
                if (!askedSystem.IsEmpty && !askedSystem.SequenceEqual(systemUtf8)) return false;
                result = InSystem(code);
            }
            for (var i = 0; i < others.Length; i++)
            {
                if (result == false) return false;
                var one = InValueSet(i, askedSystem, code);
                result = one == false ? false : one == null ? null : result;
            }
            return result;
        }

        private bool? InSystem(ReadOnlySpan<byte> utf8)
        {
            if (conceptTable != null) return conceptTable.TryGet(utf8, out _);
            var result = Known != null ? Known.Contains(utf8) : R4.CodeSystem(system!)?.Contains(systemUtf8, utf8);
            if (result == null && CodeGrammar.Refuses(systemUtf8, utf8)) return false;
            if (filters.Count == 0 || result == false) return result;
            var code = Encoding.UTF8.GetString(utf8);
            foreach (var filter in filters)
            {
                if (result == false) return false;
                var kept = filter.Keeps(code, Known, Known == null ? definitions.Concepts(system!) : null);
                result = kept == false ? false : kept == null ? null : result;
            }
            return result;
        }

        private bool? InValueSet(int other, ReadOnlySpan<byte> askedSystem, ReadOnlySpan<byte> code)
        {
            if (depth > 30) return null; // value sets that include each other in a circle
            depth++;
            try
            {
                return (others[other] ??= definitions.ValueSet(valueSets[other]))?.Contains(askedSystem, code);
            }
            finally
            {
                depth--;
            }
        }
    }
}
