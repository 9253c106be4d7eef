namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class StringRowsTests
{
    [Theory]
    [InlineData("name=obr", true)]
    [InlineData("name=O%27Brien", true)]
    [InlineData("name=zoe", true)]
    [InlineData("name=o%C3%AB", false)]
    [InlineData("name:contains=o%C3%AB", true)]
    [InlineData("name=dr", true)]
    [InlineData("name=junior", true)]
    [InlineData("name=official", false)]
    [InlineData("family=obrien-smith", true)]
    [InlineData("family=smith", false)]
    [InlineData("family:contains=n%20s", true)]
    [InlineData("family:exact=O%27Brien%20Smith", true)]
    [InlineData("family:exact=o%27brien%20smith", false)]
    [InlineData("family:exact=O%27Brien", false)]
    [InlineData("given=ann,zo", true)]
    [InlineData("given=ann&given=zo", true)]
    [InlineData("given=ann&given=bob", false)]
    [InlineData("address=10%20d", true)]
    [InlineData("address-city=leeds", true)]
    [InlineData("address=home", false)]
    [InlineData("family:missing=true", false)]
    public void Matches(string query, bool isFound) => Assert.Equal(isFound, Given.Finds("Patient?" + query, """
        {"resourceType":"Patient","name":[{"use":"official","family":"O'Brien Smith","given":["Zoë","Ann"],"prefix":["Dr."],"suffix":["Junior"]}],
         "address":[{"use":"home","line":["10 Downing Street"],"city":"Leeds"}]}
        """));

    [Fact]
    public void Each_part_has_a_node_of_its_own()
    {
        const string json = """{"resourceType":"Patient","name":[{"family":"A","given":["B","C"]}]}""";
        using var document = Given.Document(json);
        Assert.Equal(["Patient.name[0].family", "Patient.name[0].given[0]", "Patient.name[0].given[1]"], Given.Rows(json, "name")
            .Select(r => document[r.Node].Location));
    }
}
