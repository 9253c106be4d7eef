using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`_text=low mood,sleep`: all words of one value, or of another. https://hl7.org/fhir/R4/search.html#text</summary>
internal sealed class Words(SearchParameters parameters)
{
    private const int Most = 20;

    /// <summary>Null, with a fault in the report, when it cannot be asked.</summary>
    public Filter? Read(string type, string name, string value, Report report)
    {
        if ((name == "_text" ? parameters.Narrative(type) : parameters.Content(type)) is not { } parameter)
            return Refuse(Faults.NotSupported($"`{name}` does not apply to {type}"));
        var any = new List<Filter>();
        foreach (var piece in Escapes.Split(value, ','))
        {
            var words = NormalText.Of(Escapes.Remove(piece)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
            if (words.Count is 0 or > Most || words.Exists(word => word.Length > WordRows.Longest))
                return Refuse(Faults.Invalid($"A value of `{name}` cannot be read; it must be words, {Most} at most, none longer than {WordRows.Longest} letters"));
            any.Add(new Filter.All([.. words.Select(word => new Filter.Is(new SearchQuery(type) { Criteria = [Has(parameter, type, word)] }))]));
        }
        return any is [var only] ? only : new Filter.Any(any);

        Filter? Refuse(Issue issue)
        {
            report.Add(issue);
            return null;
        }
    }

    /// <summary>The content is what the narrative says, and all the rest.</summary>
    private Criterion Has(SearchParameter parameter, string type, string word)
    {
        var values = new List<QueryValue> { new() { Value = word } };
        if (parameter.Code == "_content" && parameters.Narrative(type) is { } narrative) values.Add(new() { Value = word, In = narrative });
        return new Criterion(parameter, Modifier.None, values);
    }
}
