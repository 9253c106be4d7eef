using System.Reflection;
using System.Runtime.Loader;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class TypeTableTests
{
    /// <summary>Each round loads the assembly again, so that the first use really is the first.</summary>
    [Fact]
    public void Threads_that_race_for_first_use_get_one_type_each()
    {
        for (var round = 0; round < 10; round++)
        {
            var context = new AssemblyLoadContext(null, isCollectible: false);
            var r4 = context.LoadFromAssemblyPath(typeof(R4).Assembly.Location).GetType(typeof(R4).FullName!)!;
            var find = r4.GetMethod(nameof(R4.Type), [typeof(string)])!;
            string[] names = ["CarePlan.activity", "CarePlan", "Questionnaire.item", "Extension", "code", "Timing.repeat", "Age", "Bundle"];
            using var start = new Barrier(names.Length);
            var found = new object?[names.Length][];
            var threads = Enumerable.Range(0, names.Length).Select(first => new Thread(() =>
            {
                start.SignalAndWait();
                found[first] = new object?[names.Length];
                for (var i = 0; i < names.Length; i++)
                {
                    var at = (first + i) % names.Length;
                    found[first][at] = find.Invoke(null, [names[at]]);
                }
            })).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            for (var at = 0; at < names.Length; at++)
            {
                Assert.NotNull(found[0][at]);
                Assert.All(found, f => Assert.Same(found[0][at], f[at]));
            }
        }
    }

    [Fact]
    public void A_content_reference_leads_to_the_same_type()
    {
        var item = R4.Type("Questionnaire.item")!;
        Assert.Same(item, item.Element("item")!.Types[0].Type);
        Assert.Same(item, R4.Type("Questionnaire")!.Element("item")!.Types[0].Type);
        Assert.Equal("Questionnaire.item.item", item.Element("item")!.Path);
    }
}
