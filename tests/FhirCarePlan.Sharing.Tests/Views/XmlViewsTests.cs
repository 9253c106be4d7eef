using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;

namespace FhirCarePlan.Sharing.Tests.Views;

/// <summary>The format of a request or an answer does not change what is shared.</summary>
public class XmlViewsTests
{
    [Fact]
    public void A_sample_that_came_as_XML_is_labelled_as_the_same_in_JSON() => Assert.All(Bodies.Samples, s => LabelledAlike(s.Body));

    [SharedFact]
    public void An_example_that_came_as_XML_is_labelled_as_the_same_in_JSON() => Assert.All(Bodies.Examples, s => LabelledAlike(s.Body));

    [Fact]
    public void A_view_holds_in_XML_what_it_holds_in_JSON()
    {
        var random = new Random(20261122);
        foreach (var (_, body) in Bodies.Samples)
        {
            using var whole = Bodies.Parse(body);
            var root = Partnership.Label(whole).Root;
            for (var n = 0; n < 10; n++)
            {
                var view = Partnership.View(body, Partnership.Bits.All & (root | random.NextInt64() | random.NextInt64()));
                using var document = Bodies.Parse(view);
                using var again = XmlParser.Parse(ResourceXml.Write(document), new Report(), ParseLimits.Own);
                Assert.Equal(Narratives(document), Narratives(again!));
                Assert.Equal(document.Count, again!.Count);
            }
        }
    }

    /// <summary>The canonical form, narratives apart: in XML they are elements.</summary>
    private static byte[] Narratives(Document document) =>
        CanonicalJson.Write(document, new WriteOptions { Replace = n => n.Type.Name == "xhtml" ? "narrative" : null });

    private static void LabelledAlike(byte[] sample)
    {
        using var original = Bodies.Parse(sample);
        using var fromXml = XmlParser.Parse(ResourceXml.Write(original), new Report(), ParseLimits.Own)!;
        var body = CanonicalJson.Write(fromXml);
        using var fromJson = Bodies.Parse(body);
        Assert.Equal(LabelBytes.Pack(fromJson, Partnership.Label(fromJson), body),
            LabelBytes.Pack(fromXml, Partnership.Label(fromXml), body));
    }
}
