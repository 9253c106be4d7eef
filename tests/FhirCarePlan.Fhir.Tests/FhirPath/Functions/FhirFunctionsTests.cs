using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class FhirFunctionsTests
{
    [Theory]
    [InlineData("extension('urn:a').value", "one, true")]
    [InlineData("extension('urn:x')", "")]
    [InlineData("extension({})", "")]
    [InlineData("birthDate.extension('urn:t').value.toDate()", "1974-12-25")]
    [InlineData("birthDate.hasValue()", "true")]
    [InlineData("name.hasValue()", "false")]
    [InlineData("multipleBirth.getValue() is System.Integer", "true")]
    [InlineData("type().namespace & '.' & type().name", "FHIR.Patient")]
    [InlineData("contact.type()", "")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true")]
    [InlineData("conformsTo('urn:unknown')", "error")]
    [InlineData("managingOrganization.resolve().name", "Trust")]
    [InlineData("generalPractitioner.resolve()", "")]
    [InlineData("contained.resolve()", "")]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "true")]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/contact-point-system')", "false")]
    [InlineData("gender.memberOf('urn:unknown')", "")]
    [InlineData("checkModifiers('urn:x').id", "p")]
    [InlineData("%resource.id & %rootResource.id & %context.id", "ppp")]
    [InlineData("%`vs-x` | %`ext-y` | %ucum",
        "http://hl7.org/fhir/ValueSet/x, http://hl7.org/fhir/StructureDefinition/y, http://unitsofmeasure.org")]
    [InlineData("%unknown", "error")]
    [InlineData("trace('x', name.given).id", "p")]
    public void What_FHIR_adds(string expression, string result) => Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Fact]
    public void A_contained_resource_knows_its_container()
    {
        var contained = Given.Patient["contained"];
        Assert.Equal("o", Given.Result("%resource.id", contained));
        Assert.Equal("p", Given.Result("%rootResource.id", contained));
        Assert.Equal("p", Given.Result("'#'.resolve().id", contained));
    }

    [Fact]
    public void References_find_their_entry_in_the_same_Bundle()
    {
        var bundle = Given.Resource("""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a"}},
              {"fullUrl":"http://s/fhir/Patient/2","resource":{"resourceType":"Patient","id":"2"}},
              {"fullUrl":"http://s/fhir/Flag/1","resource":{"resourceType":"Flag","id":"1","subject":{"reference":"Patient/2"},"author":{"reference":"urn:uuid:1"}}}]}
            """);
        Assert.Equal("2, a", Given.Result("entry.resource.ofType(Flag).select(subject.combine($this.author)).resolve().id", bundle));
        Assert.Equal("true", Given.Result("entry.resource.ofType(Flag).author.resolve() is Patient", bundle));
        Assert.Equal("1", Given.Result("%resource.id", bundle["entry"].NextSibling.NextSibling["resource"]));
    }

    [Fact]
    public void The_context_answers_what_the_tree_cannot()
    {
        var asked = new List<string>();
        var context = Given.Context with
        {
            Resolve = address => { asked.Add(address); return Given.Patient; },
            MemberOf = (valueSet, system, code) => valueSet == "urn:v" && code == "male",
            ConformsTo = (node, profile) => profile == "urn:p" ? true : null,
            Variables = new Dictionary<string, Node> { ["person"] = Given.Patient },
            Values = new Dictionary<string, IReadOnlyList<Item>> { ["limit"] = [5] }
        };
        Assert.Equal("p", Given.Result("generalPractitioner[0].resolve().id", Given.Patient, context));
        Assert.Equal(["Practitioner/1"], asked);
        Assert.Equal("true", Given.Result("gender.memberOf('urn:v')", Given.Patient, context));
        Assert.Equal("true", Given.Result("conformsTo('urn:p')", Given.Patient, context));
        Assert.Equal("p5", Given.Result("%person.id & %limit.toString()", Given.Patient, context));
    }

    [Theory]
    [InlineData("today()", "2024-05-17")]
    [InlineData("now()", "2024-05-17T12:30:45.123Z")]
    [InlineData("timeOfDay()", "12:30:45.123")]
    [InlineData("now() = now()", "true")]
    [InlineData("1 'cm'.comparable(1 '[in_i]')", "true")]
    [InlineData("1 'cm'.comparable(1 's')", "false")]
    public void The_clock_is_given(string expression, string result) => Assert.Equal(result, Given.Result(expression));
}
