using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search_filter.html</summary>
public class FilterReaderTests
{
    private const string Pat = """{"resourceType":"Patient","id":"p","active":true,"name":[{"family":"Smith, (Old)","given":["Pat"]}],"gender":"female","birthDate":"1980-05-05","generalPractitioner":[{"reference":"Practitioner/x"}],"telecom":[{"system":"email","value":"pat@x.example"}]}""";

    private static SearchQuery? Parse(string filter, Report report, bool withChains = true) =>
        Given.Parser.Parse("Patient", $"_filter={Uri.EscapeDataString(filter)}", report, isLenient: false, withChains);

    [Theory]
    [InlineData("given eq \"pat\"", true)]
    [InlineData("given eq \"pa\"", false)] // equal, not the beginning
    [InlineData("given sw pa", true)]
    [InlineData("given ew at", true)]
    [InlineData("given ew a", false)]
    [InlineData("given co a", true)]
    [InlineData("family eq \"smith (old)\"", true)]
    [InlineData("family eq \"Smith, (Old)\"", true)]
    [InlineData("gender eq female", true)]
    [InlineData("gender eq http://hl7.org/fhir/administrative-gender|female", true)]
    [InlineData("gender in http://hl7.org/fhir/ValueSet/administrative-gender", true)]
    [InlineData("birthdate ge 1980", true)]
    [InlineData("birthdate gt 1980-05-05", false)]
    [InlineData("birthdate eq 1980-05", true)]
    [InlineData("birthdate ne 1980-05", false)]
    [InlineData("birthdate po 1980-05-05", true)]
    [InlineData("birthdate po 1981", false)]
    [InlineData("birthdate pr true", true)]
    [InlineData("death-date pr true", false)]
    [InlineData("death-date pr false", true)]
    [InlineData("general-practitioner re Practitioner/x", true)]
    [InlineData("_id eq p", true)]
    [InlineData("not (_id eq p)", false)]
    [InlineData("gender eq male or given eq pat", true)]
    [InlineData("gender eq male or given eq pat and birthdate lt 1900", false)] // from left to right
    [InlineData("gender eq male or (given eq pat and birthdate lt 1900)", false)]
    [InlineData("given eq pat or (gender eq male and birthdate lt 1900)", true)]
    [InlineData("given eq pat or gender eq male and birthdate lt 1900", false)]
    [InlineData("not (gender eq male) and not(given eq mat)", true)]
    [InlineData("((gender eq female))", true)]
    [InlineData("email eq \"pat@x.example\"", true)]
    public void Means_what_it_says(string filter, bool isFound) => Assert.Equal(isFound, Given.Finds($"Patient?_filter={Uri.EscapeDataString(filter)}", Pat));

    [Theory]
    [InlineData("gender")]
    [InlineData("gender eq")]
    [InlineData("gender is female")]
    [InlineData("gender gt female")]
    [InlineData("gender co fem")]
    [InlineData("given gt pat")]
    [InlineData("given re Practitioner/x")]
    [InlineData("birthdate eq gt1980")]
    [InlineData("birthdate eq nonsense")]
    [InlineData("birthdate pr maybe")]
    [InlineData("nonsense eq x")]
    [InlineData("gender eq female birthdate ge 1980")]
    [InlineData("gender eq female and")]
    [InlineData("gender eq female xor gender eq male")]
    [InlineData("(gender eq female")]
    [InlineData("gender eq female)")]
    [InlineData("not gender eq female")]
    [InlineData("given eq \"pat")]
    [InlineData("link[type eq refer].other re Patient/x")]
    [InlineData("general-practitioner.nonsense eq x")]
    [InlineData("gender in http://nowhere.example/vs")]
    [InlineData("_count eq 3")]
    [InlineData("((((((((((((((gender eq female))))))))))))))")]
    public void What_it_does_not_say_is_refused(string filter)
    {
        var report = new Report();
        Assert.Null(Parse(filter, report));
        Assert.NotEmpty(report.Issues[0].Text);
    }

    [Fact]
    public void It_follows_references_as_chains_do()
    {
        var query = Parse("general-practitioner:Practitioner.name co \"x\" and _has:CarePlan:patient:status eq active", new Report())!;
        var chains = query.Filters.SelectMany(f => f.Queries).SelectMany(q => q.Chains).ToList();
        Assert.Equal([false, true], chains.Select(c => c.IsReverse));
    }

    /// <summary>Where nobody asks with chains, a filter that is passed over would widen.</summary>
    [Fact]
    public void Criteria_of_writes_take_none() => Assert.Null(Parse("gender eq female", new Report(), withChains: false));
}
