using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Formats;

/// <summary>A resource is the same in both formats: byte for byte in canonical form, its narrative as XML.</summary>
public class XmlRoundTripTests
{
    [SharedFact]
    public void Official_examples() => JsonXmlJson(SharedData.Folder("data/examples/json")!, atLeast: 400);

    [SharedFact]
    public void Uk_core_examples_which_came_in_both_formats()
    {
        JsonXmlJson(SharedData.Folder("data/ukcore/examples")!, atLeast: 122);
        BothFormats(SharedData.Folder("data/ukcore/examples")!, files: 122, "Extension-UKCore-CodingSCT-IllicitDrugs-Example.xml",
            "UKCore-Observation-Lab-Albumin-Example.xml", "UKCore-Questionnaire-EOLPlan-Example.xml");
    }

    [SharedFact]
    public void Inputs_of_the_FHIRPath_suite()
    {
        JsonXmlJson(SharedData.Folder("data/fhirpath/input")!, atLeast: 8);
        BothFormats(SharedData.Folder("data/fhirpath/input")!, files: 7, "observation-example.xml");
    }

    [Fact]
    public void Our_samples() => JsonXmlJson(Path.Combine(SharedData.Repository, "samples"), atLeast: 100);

    private static void JsonXmlJson(string folder, int atLeast)
    {
        var count = 0;
        foreach (var file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonParser.Parse(File.ReadAllBytes(file), new Report());
            if (document is null) continue; // an invalid sample, or an index
            count++;
            foreach (var isPretty in new[] { false, true })
            {
                var xml = ResourceXml.Write(document, isPretty);
                var report = new Report();
                using var back = XmlParser.Parse(xml, report);
                Assert.True(back != null,
                    $"{file}: {string.Join("; ", report.Issues.Select(i => $"{i.Line}:{i.Column} {i.Expression} {i.Text}"))}");
                AssertSame(document, back, file);
                if (!isPretty) Assert.True(xml.AsSpan().SequenceEqual(ResourceXml.Write(back)), $"{file}: XML → tree → XML");
            }
        }
        Assert.True(count >= atLeast, $"{count} files in {folder}");
    }

    /// <param name="disordered">Files with elements in another order than R4 defines, which XML does not allow: refused for that
    /// alone.</param>
    private static void BothFormats(string folder, int files, params string[] disordered)
    {
        var count = 0;
        var refused = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal))
        {
            if (!File.Exists(Path.ChangeExtension(file, ".json"))) continue;
            count++;
            var report = new Report();
            using var fromXml = XmlParser.Parse(File.ReadAllBytes(file), report);
            if (fromXml is null && report.Issues.All(i => i.Key == "order")) refused.Add(Path.GetFileName(file));
            else Assert.True(fromXml != null,
                $"{file}: {string.Join("; ", report.Issues.Select(i => $"{i.Line}:{i.Column} {i.Expression} {i.Text}"))}");
            if (fromXml is null) continue;
            using var fromJson = JsonParser.Parse(File.ReadAllBytes(Path.ChangeExtension(file, ".json")), report)!;
            AssertSame(fromJson, fromXml, file);
        }
        Assert.Equal(files, count);
        Assert.Equal(disordered, refused);
    }

    /// <summary>Node by node the same, and the narratives equal as XML; the canonical forms may only differ in how narratives are
    /// written.</summary>
    private static void AssertSame(Document expected, Document actual, string file)
    {
        Assert.Equal(Canonical(expected, out var narratives), Canonical(actual, out var others));
        Assert.Equal(narratives.Count, others.Count);
        for (var i = 0; i < narratives.Count; i++)
            Assert.True(XNode.DeepEquals(Narrative(narratives[i]), Narrative(others[i])), $"{file}: {narratives[i]}\n{others[i]}");
    }

    private static string Canonical(Document document, out List<string> narratives)
    {
        var found = narratives = [];
        return Encoding.UTF8.GetString(CanonicalJson.Write(document, new WriteOptions
        {
            Replace = node =>
            {
                if (node.Type.Name != "xhtml") return null;
                found.Add(node.Text!);
                return "narrative";
            },
        }));
    }

    /// <summary>Read by others than ourselves: without comments, HTML's characters by their numbers, and prefixes for XHTML gone.</summary>
    private static XElement Narrative(string div)
    {
        var names = new Regex("&(?!amp;|lt;|gt;|quot;|apos;|#)[A-Za-z0-9]+;");
        var element = XElement.Parse(names.Replace(div, m => $"&#{char.ConvertToUtf32(System.Net.WebUtility.HtmlDecode(m.Value), 0)};"),
            LoadOptions.PreserveWhitespace);
        foreach (var comment in element.DescendantNodes().OfType<XComment>().ToList()) comment.Remove();
        foreach (var declaration in element.DescendantsAndSelf().Attributes().Where(a => a.IsNamespaceDeclaration).ToList())
            declaration.Remove();
        // A comment once split the text.
        return XElement.Parse(element.ToString(SaveOptions.DisableFormatting), LoadOptions.PreserveWhitespace);
    }
}
