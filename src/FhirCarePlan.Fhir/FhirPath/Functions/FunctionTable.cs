using System.Collections.Frozen;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <param name="Least">Arguments at least.</param>
/// <param name="Most">Arguments at most.</param>
internal sealed record Function(string Name, int Least, int Most, Func<Call, Code> Compile)
{
    public string Range => Least == Most ? $"{Least}" : $"{Least}..{Most}";
}

/// <summary>Every function by name. A new one is a line here and a method in the chapter it belongs to.
/// http://hl7.org/fhirpath/N1/#functions, https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> ByName = new Function[]
    {
        new("empty", 0, 0, Existence.Empty),
        new("exists", 0, 1, Existence.Exists),
        new("all", 1, 1, Existence.All),
        new("allTrue", 0, 0, Existence.AllTrue),
        new("anyTrue", 0, 0, Existence.AnyTrue),
        new("allFalse", 0, 0, Existence.AllFalse),
        new("anyFalse", 0, 0, Existence.AnyFalse),
        new("subsetOf", 1, 1, Existence.SubsetOf),
        new("supersetOf", 1, 1, Existence.SupersetOf),
        new("count", 0, 0, Existence.Count),
        new("distinct", 0, 0, Existence.Distinct),
        new("isDistinct", 0, 0, Existence.IsDistinct),
        new("not", 0, 0, Existence.Not),

        new("where", 1, 1, Filtering.Where),
        new("select", 1, 1, Filtering.Select),
        new("repeat", 1, 1, Filtering.Repeat),
        new("ofType", 1, 1, Filtering.OfType),
        new("is", 1, 1, Filtering.Is),
        new("as", 1, 1, Filtering.As),

        new("single", 0, 0, Subsetting.Single),
        new("first", 0, 0, Subsetting.First),
        new("last", 0, 0, Subsetting.Last),
        new("tail", 0, 0, Subsetting.Tail),
        new("skip", 1, 1, Subsetting.Skip),
        new("take", 1, 1, Subsetting.Take),
        new("intersect", 1, 1, Subsetting.Intersect),
        new("exclude", 1, 1, Subsetting.Exclude),

        new("union", 1, 1, Combining.Union),
        new("combine", 1, 1, Combining.Combine),
        new("aggregate", 1, 2, Combining.Aggregate),

        new("iif", 2, 3, Conversion.Iif),
        new("toBoolean", 0, 0, Conversion.ToBoolean),
        new("toInteger", 0, 0, Conversion.ToInteger),
        new("toDecimal", 0, 0, Conversion.ToDecimal),
        new("toDate", 0, 0, Conversion.ToDate),
        new("toDateTime", 0, 0, Conversion.ToDateTime),
        new("toTime", 0, 0, Conversion.ToTime),
        new("toQuantity", 0, 1, Conversion.ToQuantity),
        new("toString", 0, 0, Conversion.ToText),
        new("convertsToBoolean", 0, 0, Conversion.ConvertsTo(Conversion.ToBoolean)),
        new("convertsToInteger", 0, 0, Conversion.ConvertsTo(Conversion.ToInteger)),
        new("convertsToDecimal", 0, 0, Conversion.ConvertsTo(Conversion.ToDecimal)),
        new("convertsToDate", 0, 0, Conversion.ConvertsTo(Conversion.ToDate)),
        new("convertsToDateTime", 0, 0, Conversion.ConvertsTo(Conversion.ToDateTime)),
        new("convertsToTime", 0, 0, Conversion.ConvertsTo(Conversion.ToTime)),
        new("convertsToQuantity", 0, 1, Conversion.ConvertsTo(Conversion.ToQuantity)),
        new("convertsToString", 0, 0, Conversion.ConvertsTo(Conversion.ToText)),

        new("indexOf", 1, 1, StringManipulation.IndexOf),
        new("lastIndexOf", 1, 1, StringManipulation.LastIndexOf),
        new("substring", 1, 2, StringManipulation.Substring),
        new("startsWith", 1, 1, StringManipulation.StartsWith),
        new("endsWith", 1, 1, StringManipulation.EndsWith),
        new("contains", 1, 1, StringManipulation.Contains),
        new("upper", 0, 0, StringManipulation.Upper),
        new("lower", 0, 0, StringManipulation.Lower),
        new("replace", 2, 2, StringManipulation.Replace),
        new("length", 0, 0, StringManipulation.Length),
        new("toChars", 0, 0, StringManipulation.ToChars),
        new("trim", 0, 0, StringManipulation.Trim),
        new("split", 1, 1, StringManipulation.Split),
        new("join", 0, 1, StringManipulation.Join),
        new("matches", 1, 1, RegularExpressions.Matches),
        new("matchesFull", 1, 1, RegularExpressions.MatchesFull),
        new("replaceMatches", 2, 2, RegularExpressions.ReplaceMatches),
        new("encode", 1, 1, Encodings.Encode),
        new("decode", 1, 1, Encodings.Decode),
        new("escape", 1, 1, Encodings.Escape),
        new("unescape", 1, 1, Encodings.Unescape),

        new("abs", 0, 0, Mathematics.Abs),
        new("ceiling", 0, 0, Mathematics.Ceiling),
        new("exp", 0, 0, Mathematics.Exp),
        new("floor", 0, 0, Mathematics.Floor),
        new("ln", 0, 0, Mathematics.Ln),
        new("log", 1, 1, Mathematics.Log),
        new("power", 1, 1, Mathematics.Power),
        new("round", 0, 1, Mathematics.Round),
        new("sqrt", 0, 0, Mathematics.Sqrt),
        new("truncate", 0, 0, Mathematics.Truncate),

        new("children", 0, 0, TreeNavigation.Children),
        new("descendants", 0, 0, TreeNavigation.Descendants),

        new("trace", 1, 2, Utility.Trace),
        new("now", 0, 0, Utility.Now),
        new("today", 0, 0, Utility.Today),
        new("timeOfDay", 0, 0, Utility.TimeOfDay),
        new("type", 0, 0, Utility.Type),
        new("sort", 0, int.MaxValue, Utility.Sort),
        new("comparable", 1, 1, Utility.Comparable),
        new("lowBoundary", 0, 1, Boundaries.Low),
        new("highBoundary", 0, 1, Boundaries.High),
        new("precision", 0, 0, Boundaries.Precision),

        new("extension", 1, 1, Fhir.Extension),
        new("hasValue", 0, 0, Fhir.HasValue),
        new("getValue", 0, 0, Fhir.GetValue),
        new("conformsTo", 1, 1, Fhir.ConformsTo),
        new("memberOf", 1, 1, Terminology.MemberOf),
        new("subsumes", 1, 1, Terminology.Subsumes),
        new("subsumedBy", 1, 1, Terminology.SubsumedBy),
        new("htmlChecks", 0, 0, Fhir.HtmlChecks),
        new("checkModifiers", 0, int.MaxValue, Fhir.CheckModifiers),
        new("resolve", 0, 0, Resolution.Resolve),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public static bool TryGet(string name, out Function function) => ByName.TryGetValue(name, out function!);
}
